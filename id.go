package iis

import (
	"crypto/rand"
	"math/big"
)

// ClientID is the registry ID of a client, shown on screen as "Registry ID" or
// under the label a site sets ("MIIC ID"): decimal digits without a leading
// zero, drawn at random and never used for anyone else.
type ClientID string

// OrganizationID names a clinic, school, pharmacy or other participant.
type OrganizationID string

// UserID names a person's account. It is not the user name typed at sign in.
type UserID string

// ContactID names one contact of a client; unique within the client.
type ContactID string

// CommentID names one coded comment of a client; unique within the client.
type CommentID string

// AliasID names one former name or birth date; unique within the client.
type AliasID string

// AnnouncementID names a notice on the home page.
type AnnouncementID string

// SearchID names a search that was posted, so that its address holds no name.
type SearchID string

// NewClientID draws a registry ID of nine digits. The caller checks that it is
// free in the transaction that uses it.
func NewClientID() ClientID {
	n, err := rand.Int(rand.Reader, big.NewInt(900_000_000))
	if err != nil {
		panic(err) // crypto/rand does not fail on the platforms Go supports
	}
	return ClientID(n.Add(n, big.NewInt(100_000_000)).String())
}

// ValidClientID reports whether s has the form of a registry ID: 1 to 12
// digits, the first not zero.
func ValidClientID(s string) bool {
	if len(s) < 1 || len(s) > 12 || s[0] == '0' {
		return false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// NewID draws an identifier of 26 letters and digits for anything but a client.
// It is random, not ordered by time: concurrent inserts then fall on different
// index pages, which keeps serializable transactions from meeting.
func NewID() string { return rand.Text() }
