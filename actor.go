package iis

// Actor is who asks for something, on behalf of which organization, in which
// role. Every use case takes one.
type Actor struct {
	User         UserID
	UserName     string // as typed at sign in; shown to peers nowhere but in the strip
	Name         string // "R. Nurse"
	Organization OrganizationID
	OrgName      string
	OrgType      OrgType
	Role         Role
}

// May reports whether the policy lets the actor do p at all. Which clients are
// visible is a second question: see Client.VisibleTo.
func (a Actor) May(p Permission) bool { return allows(a.Role, a.OrgType, p) }
