package iis

import "time"

// Change is one field that an edit sets: what it was, as text, and what it
// becomes. Drafts, saves, conflicts and the change history are all made of
// them.
type Change struct {
	Field Field  `json:"f"`
	Old   string `json:"o"`
	New   string `json:"n"`
}

// Action names what an event of the audit trail records: a noun and a verb.
type Action string

const (
	ActionSignIn        Action = "session.begin"
	ActionSignInRefused Action = "session.refuse"
	ActionSignOut       Action = "session.end"
	ActionSwitch        Action = "session.switch"
	ActionSearch        Action = "client.search"
	ActionView          Action = "client.view"
	ActionHistory       Action = "client.history"
	ActionPrint         Action = "client.print"
	ActionVerify        Action = "client.verify"   // someone asked of a printed record; no user
	ActionMisguess      Action = "client.misguess" // and typed a wrong birth date
	ActionEnter         Action = "client.enter"
	ActionUpdate        Action = "client.update"
	ActionUndecease     Action = "client.undecease"
	ActionImmunize      Action = "client.immunize"    // doses added, changed or deleted
	ActionMerge         Action = "client.merge"       // another record went into this one
	ActionMergedInto    Action = "client.merged-into" // this record went into another
	ActionUnmerge       Action = "client.unmerge"
	ActionAskMerge      Action = "client.ask-merge" // a merge that needs a second person
	ActionDifferent     Action = "client.different" // told apart from another
	ActionReportPair    Action = "client.report"    // may be the same person as another
	ActionLater         Action = "client.later"     // looked at beside another and put off
	ActionAssign        Action = "client.assign"    // who looks into it beside another
	ActionSweep         Action = "duplicate.sweep"
	ActionReportDose    Action = "dose.report"  // a problem told to the owner
	ActionResolveDose   Action = "dose.resolve" // and what became of it
	ActionImport        Action = "client.import"
	ActionUndoImport    Action = "client.undo-import"
	ActionUpload        Action = "upload.change" // a file was sent, read, approved or dropped: Reason says which
	ActionHold          Action = "client.hold"
	ActionRefused       Action = "refused" // what the actor may not have or could not prove
	ActionUserChange    Action = "user.change"
	ActionPassword      Action = "user.password"
	ActionAnnouncement  Action = "announcement.change"
	ActionOrganization  Action = "organization.change"
	ActionScheduleLoad  Action = "schedule.load"
	ActionScheduleUse   Action = "schedule.use"
	ActionPolicyLoad    Action = "policy.load"
	ActionPolicyUse     Action = "policy.use"
	ActionPolicyTrain   Action = "policy.train"
)

// Event is one line of the audit trail. It is written in the transaction of
// what it tells of, and never changed or removed.
type Event struct {
	At           time.Time
	Action       Action
	User         UserID // who; "" for the program itself
	UserName     string
	Organization OrganizationID // acted for
	OrgName      string
	Role         Role
	Client       ClientID // about whom; "" if about none
	Detail       Detail
}

// Detail is what an event says beyond who, when and about whom.
type Detail struct {
	Version   int64      `json:"version,omitempty"`   // of the client after the change
	Changes   []Change   `json:"changes,omitempty"`   // every field, old and new
	Confirmed []string   `json:"confirmed,omitempty"` // details the client verified (guide 12)
	Reason    string     `json:"reason,omitempty"`
	Found     []ClientID `json:"found,omitempty"`   // clients a search disclosed
	Subject   string     `json:"subject,omitempty"` // what else it is about: a user, a print, a permission
	Note      string     `json:"note,omitempty"`
}
