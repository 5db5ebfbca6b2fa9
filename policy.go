package iis

import "slices"

// This file is the whole policy: who may do what. TestPolicy prints it in full
// to testdata/policy.golden, so that every change of policy is a diff to read.

// Role is what an organization lets a person do (guide 1). An unknown role may
// do nothing.
type Role string

const (
	ReportsOnly Role = "Reports Only"               // views and prints
	TypicalUser Role = "Typical User"               // edits clients too
	OrgAdmin    Role = "Organization Administrator" // and manages the users of the organization
	HelpDesk    Role = "Help Desk"                  // staff of the registry itself
)

// Roles lists every role, least first.
var Roles = []Role{ReportsOnly, TypicalUser, OrgAdmin, HelpDesk}

// OrgType is the kind of an organization; the guide lets it limit what a role
// may do (guide 1).
type OrgType string

const (
	Clinic        OrgType = "Clinic"
	PublicClinic  OrgType = "Public clinic"
	Hospital      OrgType = "Hospital"
	Pharmacy      OrgType = "Pharmacy"
	PublicHealth  OrgType = "Local public health"
	TribalHealth  OrgType = "Tribal health"
	LongTermCare  OrgType = "Long-term care"
	Corrections   OrgType = "Corrections"
	HealthSystem  OrgType = "Health system"
	HealthPlan    OrgType = "Health plan"
	School        OrgType = "School"
	Postsecondary OrgType = "Postsecondary school"
	ChildCare     OrgType = "Child care"
	HeadStart     OrgType = "Head Start"
	RegistryStaff OrgType = "Registry" // the program that runs the registry
)

// OrgTypes lists every organization type.
var OrgTypes = []OrgType{Clinic, PublicClinic, Hospital, Pharmacy, PublicHealth, TribalHealth, LongTermCare,
	Corrections, HealthSystem, HealthPlan, School, Postsecondary, ChildCare, HeadStart, RegistryStaff}

// viewOnly are the organization types that look clients up and never edit them.
var viewOnly = []OrgType{HealthPlan, School, Postsecondary, ChildCare, HeadStart}

// Permission is one thing an actor can ask for.
type Permission string

const (
	ViewClient         Permission = "view client"           // search, open, change history
	PrintClient        Permission = "print client"          // reports available for a client
	EditClient         Permission = "edit client"           // manage client, all of one Save
	EnterClient        Permission = "enter new client"      //
	ImportClients      Permission = "import clients"        // from a file
	RecordDose         Permission = "record immunizations"  // add, edit and delete one's own
	EditAnyDose        Permission = "edit any immunization" // of whatever organization
	ReviewDuplicate    Permission = "review duplicates"     // see the queue, tell pairs apart, report them
	MergeClient        Permission = "merge clients"         // and undo it
	SweepDuplicates    Permission = "sweep duplicates"      // look for them among all clients
	ManageUsers        Permission = "manage users"          // of the acting organization
	ManageAnyUsers     Permission = "manage users anywhere" // of every organization
	SeeHidden          Permission = "see hidden clients"    // locked to others, deceased
	CorrectBirthDate   Permission = "correct birth date"    // though a birth certificate is on file
	ReverseDeceased    Permission = "reverse deceased"      // at any later time
	UnlockAny          Permission = "unlock any client"     // without being the holder
	ActForAny          Permission = "act for any organization"
	ManageAnnouncement Permission = "manage announcements"
	ResolveHeldEntry   Permission = "resolve held entries" // new clients kept for review
	ManageSchedule     Permission = "manage schedules"     // and see how the system is
	ManageMatchPolicy  Permission = "manage matching policies"
)

// Permissions lists every permission.
var Permissions = []Permission{ViewClient, PrintClient, EditClient, EnterClient, ImportClients, RecordDose, EditAnyDose, ReviewDuplicate, MergeClient, SweepDuplicates, ManageUsers,
	ManageAnyUsers, SeeHidden, CorrectBirthDate, ReverseDeceased, UnlockAny, ActForAny, ManageAnnouncement,
	ResolveHeldEntry, ManageSchedule, ManageMatchPolicy}

// grant is one line of the policy.
type grant struct {
	roles []Role
	edits bool // only for organization types that edit
}

var policy = map[Permission]grant{
	ViewClient:         {roles: []Role{ReportsOnly, TypicalUser, OrgAdmin, HelpDesk}},
	PrintClient:        {roles: []Role{ReportsOnly, TypicalUser, OrgAdmin, HelpDesk}},
	EditClient:         {roles: []Role{TypicalUser, OrgAdmin, HelpDesk}, edits: true},
	EnterClient:        {roles: []Role{TypicalUser, OrgAdmin, HelpDesk}, edits: true},
	ImportClients:      {roles: []Role{OrgAdmin, HelpDesk}, edits: true},
	RecordDose:         {roles: []Role{TypicalUser, OrgAdmin, HelpDesk}, edits: true},
	EditAnyDose:        {roles: []Role{HelpDesk}},
	ReviewDuplicate:    {roles: []Role{TypicalUser, OrgAdmin, HelpDesk}, edits: true},
	MergeClient:        {roles: []Role{OrgAdmin, HelpDesk}, edits: true},
	SweepDuplicates:    {roles: []Role{HelpDesk}},
	ManageUsers:        {roles: []Role{OrgAdmin, HelpDesk}},
	ManageAnyUsers:     {roles: []Role{HelpDesk}},
	SeeHidden:          {roles: []Role{HelpDesk}},
	CorrectBirthDate:   {roles: []Role{HelpDesk}},
	ReverseDeceased:    {roles: []Role{HelpDesk}},
	UnlockAny:          {roles: []Role{HelpDesk}},
	ActForAny:          {roles: []Role{HelpDesk}},
	ManageAnnouncement: {roles: []Role{HelpDesk}},
	ResolveHeldEntry:   {roles: []Role{HelpDesk}},
	ManageSchedule:     {roles: []Role{HelpDesk}},
	ManageMatchPolicy:  {roles: []Role{HelpDesk}},
}

// allows answers the policy. Help Desk is a role of the registry itself: in any
// other type of organization it grants nothing, so that no administrator can
// make one.
func allows(r Role, t OrgType, p Permission) bool {
	g, ok := policy[p]
	if !ok || !slices.Contains(OrgTypes, t) || !slices.Contains(g.roles, r) {
		return false
	}
	if (r == HelpDesk) != (t == RegistryStaff) {
		return false
	}
	return !g.edits || !slices.Contains(viewOnly, t)
}

// MayGrant reports whether the actor may give role r in organization o: only a
// role that he holds or a lesser one, and only where he manages users.
func (a Actor) MayGrant(r Role, o Organization) bool {
	if !slices.Contains(Roles, r) || (r == HelpDesk) != (o.Type == RegistryStaff) {
		return false
	}
	if a.May(ManageAnyUsers) {
		return true
	}
	return a.May(ManageUsers) && a.Organization == o.ID && r != HelpDesk
}
