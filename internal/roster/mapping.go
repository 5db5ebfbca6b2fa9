package roster

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"openiis.org/iis"
)

// Kind is what the rows of a file are.
type Kind string

const (
	Clients       Kind = "clients"
	Immunizations Kind = "immunizations"
)

// Columns lists the columns that a file of the kind may have.
func (k Kind) Columns() []Column {
	if k == Immunizations {
		return DoseColumns
	}
	return Columns
}

// MostColumns is how many columns a file may have that is read by a Mapping.
const MostColumns = 200

// Mapping says how a file is read whose columns are named in its own way.
type Mapping struct {
	Columns []string // the name of ours for each column of the file; "" for one that is not read
	Dates   DateOrder
}

// NewMappedReader reads the first line of a file and then its rows as a mapping
// says.
func NewMappedReader(r io.Reader, k Kind, m Mapping) (*Reader, error) {
	x, err := begin(r)
	if err != nil {
		return nil, err
	}
	return x, x.mapped(k, m)
}

// mapped lets the reader read as a mapping says.
func (x *Reader) mapped(k Kind, m Mapping) error {
	if len(m.Columns) != len(x.header) {
		return fmt.Errorf("the file has %d columns, of %d it is said how they are read", len(x.header), len(m.Columns))
	}
	if err := m.Missing(k); err != nil {
		return err
	}
	x.dates = m.Dates
	for _, name := range m.Columns {
		x.columns = append(x.columns, k.column(name))
	}
	return nil
}

// column returns the column of a name; one that is not read has none.
func (k Kind) column(name string) Column {
	if i := slices.IndexFunc(k.Columns(), func(c Column) bool { return c.Name == name }); i >= 0 {
		return k.Columns()[i]
	}
	return Column{Name: Note}
}

// Missing says what keeps a file of the kind from being read by the mapping; nil
// if nothing does.
func (m Mapping) Missing(k Kind) error {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(s string) bool { return slices.Contains(m.Columns, s) })
	}
	for i, name := range m.Columns {
		if name != "" && slices.Contains(m.Columns[:i], name) {
			return fmt.Errorf("two columns are read as %s", strings.ReplaceAll(name, "_", " "))
		}
	}
	switch {
	case k == Clients && !has("last_name"):
		return errors.New("no column is read as last name")
	case k == Immunizations && !has("date"):
		return errors.New("no column is read as date of the immunization")
	case k == Immunizations && !has("cvx", "ndc", "trade_name"):
		return errors.New("no column names the vaccine: CVX code, NDC or trade name")
	case k == Immunizations && !has(RegistryID, "chart_number") && !(has("last_name") && has("birth_date")):
		return errors.New("no column says who was immunized: registry ID, chart number, or last name and birth date")
	}
	return nil
}

// Glance reads the names of a file's columns as they stand on its first line, and
// so many of its rows as they are; rows that cannot be read are left out.
func Glance(r io.Reader, rows int) (names []string, records [][]string, err error) {
	x, err := begin(r)
	if err != nil {
		return nil, nil, err
	}
	x.columns = make([]Column, len(x.header))
	for len(records) < rows {
		row, err := x.Read()
		if _, bad := errors.AsType[*RowError](err); bad {
			continue
		}
		if err != nil {
			return x.header, records, nil
		}
		records = append(records, row.Record)
	}
	return x.header, records, nil
}

// Guess says how a file is likely to be read, by the names of its columns and the
// dates in some of its rows.
func Guess(k Kind, names []string, records [][]string) Mapping {
	m := Mapping{Columns: make([]string, len(names))}
	taken := map[string]bool{}
	take := func(column string, fits func(name string) bool) {
		for i, name := range names {
			if m.Columns[i] == "" && !taken[column] && fits(name) {
				m.Columns[i], taken[column] = column, true
			}
		}
	}
	for _, c := range k.Columns() {
		take(c.Name, func(name string) bool { got, err := place(k.Columns(), name); return err == nil && got == c })
	}
	for _, c := range k.Columns() {
		for _, other := range append([]string{strings.ReplaceAll(c.Name, "_", "")}, synonyms(k, c.Name)...) {
			take(c.Name, func(name string) bool {
				return !strings.HasPrefix(strings.ToLower(name), Note) && slices.Contains(heads(name), other)
			})
		}
	}
	m.Dates = guessDates(m.days(k, records))
	return m
}

// Fit keeps the order of dates if some rows can be read with it, and guesses it
// again if not: the columns of a file are those of the last one, its dates need not
// be.
func (m Mapping) Fit(k Kind, records [][]string) Mapping {
	if days := m.days(k, records); m.Dates.against(days) {
		m.Dates = guessDates(days)
	}
	return m
}

// days are the values of the columns that are dates.
func (m Mapping) days(k Kind, records [][]string) (list []string) {
	for i, name := range m.Columns {
		if isDate(k.column(name).Field) {
			for _, r := range records {
				list = append(list, r[i])
			}
		}
	}
	return list
}

// whose are the words that exports put before the name of a column.
var whose = []string{"student", "patient", "client", "child", "person", "pupil", "pt", "demographics", "identity", "census", "household", "legal"}

// heads are the name of a column in letters and digits alone, with and without the
// words before it.
func heads(name string) []string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	list := []string{s}
	for again := true; again; {
		again = false
		for _, w := range whose {
			if rest, ok := strings.CutPrefix(s, w); ok && rest != "" {
				s, again = rest, true
				list = append(list, s)
			}
		}
	}
	return list
}

// synonyms are other names of a column, in letters and digits alone, the likeliest
// first: those of spreadsheets and of the exports of records and school
// information systems, among them Infinite Campus.
func synonyms(k Kind, column string) []string {
	if k == Immunizations && doseNames[column] != nil {
		return doseNames[column]
	}
	return clientNames[column]
}

var clientNames = map[string][]string{
	Organization:         {"organizationname", "clinic", "clinicname", "facility", "facilityname"},
	RegistryID:           {"iisid", "iispatientid", "registryclientid", "stateregistryid", "siisid", "miicid"},
	"chart_number":       {"chart", "chartno", "mrn", "medicalrecordnumber", "studentnumber", "studentid", "localid", "patientid", "clientid", "accountnumber", "number"},
	"last_name":          {"last", "surname", "familyname", "lname", "namelast"},
	"first_name":         {"first", "givenname", "fname", "forename", "namefirst"},
	"middle_name":        {"middle", "mname", "middleinitial", "mi", "namemiddle"},
	"suffix":             {"namesuffix", "generation"},
	"birth_date":         {"dob", "dateofbirth", "birthday", "bdate", "born"},
	"gender":             {"sex", "gendercode", "sexcode"},
	"birth_country":      {"countryofbirth"},
	"mother_maiden_last": {"mothersmaidenlast", "mothermaidenname", "mothersmaidenname", "mothermaidenlastname", "mothersmaidenlastname", "maidenname"},
	"mother_first":       {"mothersfirst", "motherfirstname", "mothersfirstname"},
	"phone":              {"phonenumber", "homephone", "telephone", "telephonenumber", "primaryphone", "cellphone", "mobile", "mobilephone", "cell"},
	"email":              {"emailaddress", "mail"},
	"street":             {"streetaddress", "address", "addressline1", "address1", "addressaddressline1", "addressstreet", "street1", "line1", "mailingaddress", "homeaddress"},
	"other_address":      {"addressline2", "address2", "addressaddressline2", "street2", "line2", "addressapt", "apt", "apartment", "unit"},
	"po_box":             {"pobox", "addresspobox"},
	"city":               {"addresscity", "mailingcity", "homecity", "town"},
	"state":              {"addressstate", "mailingstate", "homestate", "stateprovince"},
	"zip":                {"zipcode", "addresszip", "addresszipcode", "mailingzip", "homezip", "postalcode", "postcode"},
	"county":             {"addresscounty", "countyname"},
	"undeliverable":      {"badaddress", "returnedmail"},
	"race":               {"racecode", "racecodes"},
	"ethnicity":          {"ethnicitycode", "ethnicgroup"},
	"reminders":          {"reminderrecall", "remindersallowed"},
	"sharing":            {"sharingallowed"},
	"death_date":         {"dateofdeath", "deceaseddate", "dod"},
}

var doseNames = map[string][]string{
	"kind":           {"immunizationkind", "immunizationtype", "recordtype"},
	"date":           {"vaccinationdate", "dateadministered", "administereddate", "administrationdate", "immunizationdate", "shotdate", "dosedate", "vaccinedate", "dateofvaccination", "dategiven", "givendate"},
	"cvx":            {"cvxcode", "vaccinecvx", "vaccinecode"},
	"ndc":            {"ndccode", "ndcnumber"},
	"trade_name":     {"brand", "brandname", "product", "productname", "vaccinename", "vaccine"},
	"manufacturer":   {"mvx", "mvxcode", "maker", "manufacturercode", "manufacturername"},
	"lot":            {"lotnumber", "lotno", "vaccinelot"},
	"expiration":     {"expirationdate", "expdate", "expires", "expiry", "expirydate", "lotexpiration", "lotexpirationdate"},
	"amount":         {"doseamount", "volume", "dosevolume", "dosage"},
	"route":          {"routecode", "administrationroute"},
	"site":           {"sitecode", "bodysite", "injectionsite", "anatomicalsite", "administrationsite"},
	"eligibility":    {"vfc", "vfceligibility", "vfcstatus", "eligibilitycode"},
	"funding":        {"fundingsource", "fundingcode"},
	"vis_date":       {"vis", "visedition", "viseditiondate", "vispublicationdate"},
	"given_by":       {"administeredby", "vaccinator", "vaccinatedby"},
	"source":         {"informationsource", "sourcecode", "historical"},
	"given_at":       {"administeredat", "givenwhere"},
	"refusal":        {"refusalreason", "refused"},
	"less_than_full": {"partialdose", "subpotent"},
	"reactions":      {"reaction", "adversereaction"},
}

// isDate reports whether a field is a day.
func isDate(f iis.Field) bool {
	return slices.Contains([]iis.Field{iis.FieldBirthDate, iis.FieldDied, iis.DoseField("", "date"), iis.DoseField("", "expires"), iis.DoseField("", "vis")}, f)
}
