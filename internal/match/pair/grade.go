package pair

// Field is one of the things that two records are compared in.
type Field uint8

// The fields, in the order in which a reader asks for them.
const (
	LastName Field = iota
	FirstName
	MiddleName
	SuffixField
	BirthField
	GenderField
	BirthOrder
	Identifiers
	AddressField
	PhoneField
	EmailField
	MotherMaiden
	MotherFirst
	fields // how many there are
)

// fieldNames are the fields as a policy writes them.
var fieldNames = [fields]string{"last", "first", "middle", "suffix", "birth", "gender", "order", "ids",
	"address", "phone", "email", "maiden", "mother"}

// fieldWords are the fields as a reader is told of them.
var fieldWords = [fields]string{"last name", "first name", "middle name", "suffix", "birth date", "gender",
	"birth order", "identifiers", "address", "phone", "e-mail", "mother's maiden name", "mother's first name"}

// Grade is how well two records agree in one field.
type Grade uint8

// The grades. Which of them a field can have is what its line in a policy says.
const (
	Missing     Grade = iota // one of the records does not say
	Different                // nothing in common
	Same                     // alike after folding
	Nickname                 // DON for DONALD
	Part                     // one part of a double name; two of day, month and year
	Former                   // a former name of the one, the present one of the other
	Slip                     // one slip of the pen
	Sound                    // spelled otherwise, sounds the same
	Beginning                // one is the beginning of the other
	Close                    // much in common
	Initial                  // the first letter
	Swapped                  // first and last name, or day and month, have changed places
	Crossed                  // the last name of one is the first name of the other, the rest is not
	Middle                   // the first name of one is the middle name of the other
	Placeholder              // BABY BOY: no name yet
	SameMonth                // as far as said: year and month
	SameYear                 // as far as said: the year
	SameDay                  // the same day of the year, a generation apart
	Far                      // births a generation apart
	OneSided                 // one has what the other has not
	Unordered                // both of a multiple birth, the order not known of both
	SameOther                // a number of a system that is not known to be a person's own
	OtherDiffer              // numbers of such a system differ
	Mixed                    // one number agrees, another does not
	Near                     // number and street much alike, ZIP code and city not
	SameZip                  // another street, the same ZIP code
	SameCity                 // another street, the same city
	grades                   // how many there are
)

var gradeNames = [grades]string{"missing", "different", "same", "nickname", "part", "former", "slip", "sound",
	"beginning", "close", "initial", "swapped", "crossed", "middle", "placeholder", "sameMonth", "sameYear", "sameDay", "far", "oneSided", "unordered",
	"sameOther", "otherDiffer", "mixed", "near", "sameZip", "sameCity"}

// fieldGrades are the grades that each field can have beside Missing.
var fieldGrades = [fields][]Grade{
	LastName:     {Same, Part, Former, Slip, Sound, Beginning, Close, Initial, Swapped, Crossed, Different},
	FirstName:    {Same, Nickname, Part, Former, Slip, Sound, Beginning, Close, Initial, Swapped, Crossed, Middle, Placeholder, Different},
	MiddleName:   {Same, Nickname, Slip, Close, Initial, Swapped, Different},
	SuffixField:  {Same, OneSided, Different},
	BirthField:   {Same, Swapped, Slip, Close, Part, SameMonth, SameYear, SameDay, Different, Far},
	GenderField:  {Same, Different},
	BirthOrder:   {Same, OneSided, Unordered, Different},
	Identifiers:  {Same, Slip, SameOther, Mixed, OtherDiffer, Different},
	AddressField: {Same, Close, Near, SameZip, SameCity, Different},
	PhoneField:   {Same, Close, Different},
	EmailField:   {Same, Close, Different},
	MotherMaiden: {Same, Part, Slip, Sound, Close, Different},
	MotherFirst:  {Same, Nickname, Slip, Close, Different},
}

// Grades are how a pair of records agrees, field by field.
type Grades [fields]Grade
