package iis

import (
	"log/slog"
	"time"
)

// Client is a person whose immunizations the registry keeps, as all
// organizations share it: the Personal Information screen (guide 17 to 29).
// What belongs to one organization is a Membership.
type Client struct {
	ID      ClientID
	Version int64 // counts the saves; the optimistic lock
	Name    Name
	Gender  Gender

	BirthDate        Date
	BirthCountry     string // ISO 3166-1 alpha-3, "" if not on file
	BirthCertificate string // number from vital records; while on file the birth date is locked (guide 23)

	MotherMaidenLast string
	MotherFirst      string

	Race      []string // CDCREC codes and Declined, in order of RaceCodes
	Ethnicity string   // CDCREC code, "" if not on file

	Address        Address // also that of the contact marked as the client's primary address
	Undeliverable  bool
	AddressUpdated Date // moves only with the address (guide 28)
	Phone          string
	Email          string

	// LockedTo is the organization that alone may see the record, because the
	// client does not allow sharing (guide 38); "" when shared.
	LockedTo OrganizationID

	Death Death

	// MergedInto is the record that this one went into; "" while it stands, and
	// Withdrawn if it should never have been.
	MergedInto ClientID

	Created   time.Time
	Updated   time.Time
	UpdatedBy OrganizationID
	// UpdatedByName is filled when read, for "Last Updated by: Test Clinic".
	UpdatedByName string
}

// Name is a person's name. A single name stands in Last.
type Name struct {
	Last, First, Middle, Suffix string
}

// Gender is M, F or U (HL7 table 0001); the guide's radio buttons.
type Gender string

const (
	Male          Gender = "M"
	Female        Gender = "F"
	UnknownGender Gender = "U"
)

// Address is a place to write to. State is a two-letter code.
type Address struct {
	Street, Other, POBox, City, State, Zip, County string
}

// IsZero reports whether nothing of the address is known.
func (a Address) IsZero() bool { return a == Address{} }

// Death is what is known of a deceased client; the zero Death means alive.
type Death struct {
	Date     Date   // zero if not known though deceased
	Source   string // family, vital records or other
	Recorded time.Time
	By       OrganizationID
}

// Deceased reports whether the client has been marked as deceased.
func (c Client) Deceased() bool { return !c.Death.Recorded.IsZero() }

// BirthDateLocked reports whether the birth date may be corrected by the help
// desk only (guide 23).
func (c Client) BirthDateLocked() bool { return c.BirthCertificate != "" }

// VisibleTo reports whether the actor may know of the client at all. To anyone
// else the client answers exactly as one that does not exist: a deceased client
// is hidden from every organization (guide 36), a locked one from all but the
// holder (guide 38).
func (c Client) VisibleTo(a Actor) bool {
	switch {
	case !a.May(ViewClient), c.MergedInto == Withdrawn:
		return false
	case a.May(SeeHidden):
		return true
	case c.Deceased():
		return false
	}
	return c.LockedTo == "" || c.LockedTo == a.Organization
}

// UndoDeath is how long the organization that marked a client as deceased can
// take it back itself.
const UndoDeath = 10 * time.Minute

// MayUndecease reports whether the actor may take back the death at that time.
func (c Client) MayUndecease(a Actor, now time.Time) bool {
	if !c.Deceased() {
		return false
	}
	return a.May(ReverseDeceased) ||
		a.May(EditClient) && c.Death.By == a.Organization && now.Sub(c.Death.Recorded) <= UndoDeath
}

// LogValue keeps people out of logs: a client is logged as its ID alone.
func (c Client) LogValue() slog.Value { return slog.StringValue(string(c.ID)) }

// Membership is what one organization says of a client: the Client Information
// tab (guide 32 to 39).
type Membership struct {
	Organization OrganizationID
	ChartNumber  string
	Status       Status
	Reason       string // of Inactive, a code of HL7 table 0441: L, M, I, P, U
	Reminders    bool   // allows reminder and recall contact
	Since        Date   // when the status was set
	// OnFile is false while the organization has said nothing of the client: then
	// Status is what it would begin with, and the screen shows none.
	OnFile bool
}

// Status is whether the client is one of the organization's (guide 33).
type Status string

const (
	Active   Status = "Active"
	Inactive Status = "Inactive"
	// StatusDeceased is never stored with an organization: choosing it marks the
	// client himself (guide 36).
	StatusDeceased Status = "Deceased"
)

// Alias is a former name and birth date of a client (an AKA), kept when one of
// them changes so that a search by it still lands on the one record (guide 21).
type Alias struct {
	ID        AliasID
	Name      Name // Last, First and Middle as they were
	BirthDate Date
	Until     time.Time // when it was replaced
	By        OrganizationID
}

// Contact is a person or a former address on the Address(es)/Contact(s) tab,
// seen by all organizations (guide 41 to 55).
type Contact struct {
	ID        ContactID
	Name      Name
	Relation  Relation // HL7 table 0063
	Phone     string
	Extension string
	// Address of the contact. While Primary it is not stored but the same value
	// as the client's own address.
	Address       Address
	Undeliverable bool
	Notices       bool // this contact gets reminder mail
	Primary       bool // "Client's Primary Address?"; at most one contact
	Former        Date // set: a former address, current until that day
	Position      int  // order of entry
}

// Comment is a coded statement on the Client Comment(s) tab, seen by all
// organizations (guide 56 to 64).
type Comment struct {
	ID      CommentID
	Code    CommentCode
	Date    Date // Applies-To Date
	By      OrganizationID
	ByName  string // filled when read
	Entered time.Time
}

// Record is a client with all that one organization sees on the screens.
type Record struct {
	Client     Client
	Membership Membership // of the acting organization
	Aliases    []Alias    // newest first
	Contacts   []Contact  // current ones in order of entry, then former addresses
	Comments   []Comment  // by date
	// Doses are loaded for the immunization history alone: nil elsewhere. By date.
	Doses []Dose
}
