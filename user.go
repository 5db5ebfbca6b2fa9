package iis

import "time"

// User is a person's account. What the person may do is a Grant an organization.
type User struct {
	ID       UserID
	UserName string // typed at sign in; unique without regard to case
	Name     string // "R. Nurse"
	Email    string
	State    UserState
	Created  time.Time
	LastSeen time.Time // last sign in; zero if never
	MustSet  bool      // the password was given by another and must be changed
	Failures int       // sign-ins refused since the last good one
	// NotBefore is when the next attempt to sign in is looked at, after
	// failures; zero if at once.
	NotBefore time.Time
	// NoMail is set if the user wants no e-mail about the files that he sends.
	NoMail bool
}

// Mailable reports whether e-mail about his files can be sent to the user, and he
// wants it.
func (u User) Mailable() bool { return u.State == UserActive && u.Email != "" && !u.NoMail }

// UserState says whether an account can be used.
type UserState string

const (
	UserInvited     UserState = "Invited" // has not yet chosen a password
	UserActive      UserState = "Active"
	UserDeactivated UserState = "Inactive"
)

// Grant is a role that a user holds in an organization.
type Grant struct {
	User         UserID
	Organization Organization
	Role         Role
}

// Session is one signed-in browser. Only the SHA-256 of its token is stored.
type Session struct {
	TokenHash    string
	User         UserID
	Organization OrganizationID // acted for; "" until chosen
	Created      time.Time
	Seen         time.Time // last request made by the person, not by the page itself
}

// Announcement is a notice on the home page.
type Announcement struct {
	ID     AnnouncementID
	Posted Date
	Title  string
	Body   string
	Read   bool // by the actor who asked
}
