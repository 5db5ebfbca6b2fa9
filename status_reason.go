package iis

// InactiveReasons lists why a client may no longer be one of an organization's,
// in the order of the screen. The codes are those of HL7 table 0441
// (immunization registry status); its A is Active itself and its O is not used
// for immunizations.
var InactiveReasons = []Choice{
	{"M", "Moved or gone elsewhere"},
	{"L", "Lost to follow-up: could not be reached"},
	{"P", "Permanently inactive: not to be made active again"},
	{"I", "No longer our client: other reason, or none given"},
	{"U", "Reason not known"},
}
