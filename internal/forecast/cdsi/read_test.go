package cdsi

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"openiis.org/iis"
)

const antigenXML = `<antigenSupportingData>
<immunity><clinicalHistory><guidelineCode>019</guidelineCode><guidelineTitle>Titer</guidelineTitle></clinicalHistory>
<dateOfBirth><immunityBirthDate>01/01/1957</immunityBirthDate><birthCountry>U.S.</birthCountry><exclusion><exclusionCode>055</exclusionCode><exclusionTitle>HCP</exclusionTitle></exclusion></dateOfBirth></immunity>
<contraindications>
<vaccineGroup><contraindication><observationCode>055</observationCode><observationTitle>x</observationTitle><contraindicationText>Do not.</contraindicationText><contraindicationGuidance/><beginAge>0 days</beginAge><endAge>8 months</endAge></contraindication></vaccineGroup>
<vaccine><contraindication><observationCode>055</observationCode><observationTitle>x</observationTitle><contraindicationText>Do not.</contraindicationText><contraindicationGuidance>Mind.</contraindicationGuidance>
<contraindicatedVaccine><vaccineType>X</vaccineType><cvx>08</cvx><beginAge/><endAge/></contraindicatedVaccine></contraindication></vaccine>
</contraindications>
<series>
<seriesName>X 1-dose series</seriesName><targetDisease>X</targetDisease><vaccineGroup>X </vaccineGroup><seriesAdminGuidance>n/a</seriesAdminGuidance><seriesAdminGuidance>Shake.</seriesAdminGuidance>
<seriesType>Risk</seriesType><equivalentSeriesGroups>1; 2</equivalentSeriesGroups><requiredGender>Female</requiredGender><requiredGender>Unknown</requiredGender>
<selectSeries><defaultSeries>Yes</defaultSeries><productPath>No</productPath><seriesGroupName>Standard</seriesGroupName><seriesGroup>1</seriesGroup><seriesPriority>A</seriesPriority><seriesPreference/><minAgeToStart/><maxAgeToStart>18 years</maxAgeToStart></selectSeries>
<indication><observationCode><text>HCP</text><code>055</code></observationCode><description>d</description><beginAge>18 years</beginAge><endAge/><guidance/></indication>
<seriesDose><doseNumber>Dose 1</doseNumber>
<age><absMinAge>6 weeks - 4 days</absMinAge><minAge>6 weeks</minAge><earliestRecAge/><latestRecAge/><maxAge/><effectiveDate>20090807</effectiveDate><cessationDate/></age>
<interval/>
<interval><fromPrevious>N</fromPrevious><fromTargetDose/><fromMostRecent>08; 09 ;</fromMostRecent><fromRelevantObs><text/><code/></fromRelevantObs><absMinInt>0 days</absMinInt><minInt>4 weeks</minInt><earliestRecInt/><latestRecInt/><intervalPriority>override</intervalPriority><effectiveDate/><cessationDate/></interval>
<allowableInterval/>
<preferableVaccine><vaccineType>X</vaccineType><cvx>08</cvx><beginAge>6 weeks</beginAge><endAge/><tradeName>XX</tradeName><mvx>MSD</mvx><volume>0.5</volume><forecastVaccineType>Y</forecastVaccineType></preferableVaccine>
<allowableVaccine><vaccineType>X</vaccineType><cvx>09</cvx><beginAge/><endAge/></allowableVaccine>
<inadvertentVaccine><vaccineType>X</vaccineType><cvx>09</cvx></inadvertentVaccine>
<conditionalSkip><context>Both</context><setLogic>n/a</setLogic><set><setID>1</setID><setDescription>d</setDescription><effectiveDate/><cessationDate/><conditionLogic/>
<condition><conditionID>1</conditionID><conditionType>Vaccine Count By Age</conditionType><startDate/><endDate/><beginAge>7 years</beginAge><endAge/><interval/><doseCount>2</doseCount><doseType>valid</doseType><doseCountLogic>Greater Than</doseCountLogic><vaccineTypes>08;09</vaccineTypes><seriesGroups/></condition>
</set></conditionalSkip>
<recurringDose>No</recurringDose><seasonalRecommendation><startDate>20250701</startDate><endDate>20260630</endDate></seasonalRecommendation>
</seriesDose>
</series></antigenSupportingData>`

const scheduleXML = `<scheduleSupportingData>
<liveVirusConflicts><liveVirusConflict><previous><vaccineType>X</vaccineType><cvx>08</cvx></previous><current><vaccineType>B</vaccineType><cvx>19</cvx></current><conflictBeginInterval>1 day</conflictBeginInterval><minConflictEndInterval>24 days</minConflictEndInterval><conflictEndInterval>28 days</conflictEndInterval></liveVirusConflict></liveVirusConflicts>
<vaccineGroups><vaccineGroup><name>X</name><administerFullVaccineGroup/></vaccineGroup></vaccineGroups>
<vaccineGroupToAntigenMap><vaccineGroupMap><name>X</name><antigen>X</antigen></vaccineGroupMap></vaccineGroupToAntigenMap>
<cvxToAntigenMap><cvxMap><cvx>09</cvx><shortDescription>nine</shortDescription><association><antigen>X</antigen><associationBeginAge/><associationEndAge>50 years</associationEndAge></association></cvxMap>
<cvxMap><cvx>08</cvx><shortDescription>eight</shortDescription><association><antigen>X</antigen><associationBeginAge/><associationEndAge/></association></cvxMap></cvxToAntigenMap>
<observations>
<observation><observationCode>019</observationCode><observationTitle>Immune</observationTitle><group/><indicationText/><contraindicationText/><clarifyingText/><codedValues/></observation>
<observation><observationCode>055</observationCode><observationTitle>HCP</observationTitle><group/><indicationText>Give.</indicationText><contraindicationText>Not if taken in the previous 48 hours.</contraindicationText><clarifyingText>c</clarifyingText><codedValues><codedValue><code>1</code><codeSystem>SNOMED</codeSystem><text>t</text></codedValue></codedValues></observation>
</observations></scheduleSupportingData>`

// release is a folder of a release, with texts replaced.
func release(replaced ...string) fs.FS {
	r := strings.NewReplacer(replaced...)
	return fstest.MapFS{
		"AntigenSupportingData- X-508.xml": {Data: []byte(r.Replace(antigenXML))},
		scheduleFile:                       {Data: []byte(r.Replace(scheduleXML))},
		"AntigenSupportingData.xsd":        {Data: []byte("not looked at")},
	}
}

func TestRead(t *testing.T) {
	got, err := Read(release(), "9.9")
	if err != nil {
		t.Fatal(err)
	}
	p := func(s string) Period {
		p, err := ParsePeriod(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	day := func(s string) iis.Date {
		v, err := iis.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	want := &Release{
		Version: "9.9", Source: "CDC CDSi supporting data 9.9", Hash: got.Hash,
		Antigens: []Antigen{{
			Name: "X", Immunity: []string{"019"},
			BirthImmunity:     []BirthImmunity{{day("1957-01-01"), "U.S.", []string{"055"}}},
			Contraindications: []Contraindication{{"055", "Do not.", "", p("0 days"), p("8 months")}},
			Contraindicated:   []ContraindicatedVaccines{{"055", "Do not.", "Mind.", []VaccineWindow{{CVX: 8}}}},
			Series: []Series{{
				Name: "X 1-dose series", Group: "X", Guidance: []string{"Shake."}, Type: Risk, Equivalent: []int{1, 2}, Genders: []string{"Female", "Unknown"},
				Default: true, SeriesGroup: 1, GroupName: "Standard", Priority: "A", MaxAge: p("18 years"),
				Indications: []Indication{{Observation: "055", Text: "d", BeginAge: p("18 years")}},
				Doses: []Dose{{
					Ages:        []Age{{AbsMin: p("6 weeks - 4 days"), Min: p("6 weeks"), Effective: day("2009-08-07")}},
					Intervals:   []Interval{{FromMostRecent: []int{8, 9}, AbsMin: p("0 days"), Min: p("4 weeks"), Override: true}},
					Preferable:  []PreferableVaccine{{VaccineWindow{8, p("6 weeks"), Period{}}, "XX", "MSD", "0.5", true}},
					Alternative: []VaccineWindow{{CVX: 9}},
					Inadvertent: []int{9},
					Skips: []Skip{{Context: InBoth, Sets: []Set{{Description: "d", Conditions: []Condition{
						{Type: ByCount, BeginAge: p("7 years"), Count: 2, Valid: true, Compare: ">", CVX: []int{8, 9}}}}}}},
					SeasonStart: day("2025-07-01"), SeasonEnd: day("2026-06-30"),
				}},
			}},
		}},
		Conflicts: []Conflict{{8, 19, p("1 day"), p("24 days"), p("28 days")}},
		Groups:    []Group{{Name: "X", Antigens: []string{"X"}}},
		Vaccines:  []Vaccine{{8, "eight", []Association{{Antigen: "X"}}}, {9, "nine", []Association{{Antigen: "X", EndAge: p("50 years")}}}},
		Observations: []Observation{{Code: "019", Title: "Immune"},
			{Code: "055", Title: "HCP", Indication: "Give.", Contraindication: "Not if taken in the previous 48 hours.", Clarifying: "c", Window: p("2 days")}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("release (-want +got):\n%s", diff)
	}
	if got.Hash == "" {
		t.Error("the release has no hash")
	}
	other, err := Read(release("Shake.", "Stir."), "9.9")
	if err != nil {
		t.Fatal(err)
	}
	if other.Hash == got.Hash {
		t.Error("another release has the same hash")
	}
}

// TestReadRefuses changes one thing in a sound release, which is refused then.
func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		replaced []string
		says     string
	}{
		"an unknown element":           {[]string{"<recurringDose>", "<secret>1</secret><recurringDose>"}, "element secret is not known"},
		"an unknown unit":              {[]string{"6 weeks - 4 days", "6 fortnights"}, "no unit"},
		"an unknown condition":         {[]string{"Vaccine Count By Age", "Moon Phase"}, "Moon Phase"},
		"an unknown logic":             {[]string{"Greater Than", "about"}, "about"},
		"an unknown set logic":         {[]string{"<setLogic>n/a", "<setLogic>XOR"}, "XOR"},
		"an unknown context":           {[]string{"<context>Both", "<context>Never"}, "Never"},
		"an unknown priority":          {[]string{"override", "maybe"}, "maybe"},
		"an unknown type of series":    {[]string{"<seriesType>Risk", "<seriesType>Odd"}, "Odd"},
		"an unknown gender":            {[]string{"<requiredGender>Female", "<requiredGender>F"}, "requiredGender"},
		"a bad date":                   {[]string{"20090807", "2009-08-07"}, "not a date"},
		"a bad day of birth":           {[]string{"01/01/1957", "19570101"}, "not a date"},
		"a bad CVX":                    {[]string{"<cvx>08</cvx>", "<cvx>08a</cvx>"}, "CVX"},
		"a CVX that is too great":      {[]string{"<cvx>08</cvx>", "<cvx>1008</cvx>"}, "CVX"},
		"a bad observation":            {[]string{"<guidelineCode>019", "<guidelineCode>19"}, "observation"},
		"an observation not defined":   {[]string{"<guidelineCode>019", "<guidelineCode>018"}, "018"},
		"a vaccine not defined":        {[]string{"<cvxMap><cvx>09", "<cvxMap><cvx>07"}, "CVX 9 is not defined"},
		"an antigen not defined":       {[]string{"<antigen>X</antigen><associationBeginAge/><associationEndAge/>", "<antigen>Y</antigen><associationBeginAge/><associationEndAge/>"}, "unknown antigen"},
		"an antigen without a file":    {[]string{"<name>X</name><antigen>X</antigen>", "<name>X</name><antigen>X</antigen><antigen>Y</antigen>"}, "no file"},
		"another vaccine group":        {[]string{"<vaccineGroup>X ", "<vaccineGroup>Y "}, "vaccine group"},
		"a dose out of order":          {[]string{"Dose 1", "Dose 2"}, "numbered"},
		"no series group":              {[]string{"<seriesGroup>1", "<seriesGroup>"}, "series group"},
		"an interval from nothing":     {[]string{"08; 09 ;", ""}, "0 references"},
		"an interval from two":         {[]string{"<fromPrevious>N", "<fromPrevious>Y"}, "2 references"},
		"a dose that comes later":      {[]string{"<fromTargetDose/>", "<fromTargetDose>1</fromTargetDose>", "08; 09 ;", ""}, "from dose 1"},
		"a season that ends first":     {[]string{"20260630", "20240630"}, "ends before"},
		"a season without a start":     {[]string{"20250701", ""}, "without a start"},
		"a risk without an indication": {[]string{"<code>055</code>", "", "<text>HCP</text>", "", "<description>d", "<description>", "<beginAge>18 years", "<beginAge>"}, "without indications"},
		"a window in other words":      {[]string{"48 hours", "50 hours"}, "window"},
		"a conflict without an end":    {[]string{"28 days", ""}, "lacks an interval"},
		"a conflict that ends first":   {[]string{"24 days", "30 days"}, "ends after"},
		"one vaccine twice":            {[]string{"<cvxMap><cvx>09", "<cvxMap><cvx>08"}, "twice"},
		"one observation twice":        {[]string{"<observationCode>019", "<observationCode>055"}, "twice"},
		"broken XML":                   {[]string{"</antigenSupportingData>", "</series>"}, "AntigenSupportingData"},
		"another root":                 {[]string{"antigenSupportingData>", "html>"}, "not a file of CDSi"},
		"text between elements":        {[]string{"<recurringDose>", "oops<recurringDose>"}, "between elements"},
	} {
		if _, err := Read(release(test.replaced...), "9.9"); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("a release with %s: error %v, want one with %q", name, err, test.says)
		}
	}
	for name, fsys := range map[string]fs.FS{
		"nothing":     fstest.MapFS{},
		"no antigens": fstest.MapFS{scheduleFile: {Data: []byte(scheduleXML)}},
		"no schedule": fstest.MapFS{"AntigenSupportingData- X-508.xml": {Data: []byte(antigenXML)}},
		"empty files": fstest.MapFS{scheduleFile: {Data: nil}},
	} {
		if _, err := Read(fsys, "9.9"); err == nil {
			t.Errorf("a folder with %s is taken", name)
		}
	}
}

// FuzzRead reads whatever was meant to be a release: it fails or gives one that
// keeps its own codes.
func FuzzRead(f *testing.F) {
	f.Add(antigenXML, scheduleXML)
	f.Fuzz(func(t *testing.T, antigen, schedule string) {
		rel, err := Read(fstest.MapFS{"AntigenSupportingData- X-508.xml": {Data: []byte(antigen)}, scheduleFile: {Data: []byte(schedule)}}, "9.9")
		if err == nil && (len(rel.Antigens) == 0 || rel.Hash == "") {
			t.Errorf("read %+v without an error", rel)
		}
	})
}

func TestCompact(t *testing.T) {
	want, err := Read(release(), "9.9")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Encode(&b, want); err != nil {
		t.Fatal(err)
	}
	form := b.Bytes()
	got, err := Decode(bytes.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
	if err := got.Verify(); err != nil {
		t.Error(err)
	}
	got.Antigens[0].Series[0].Guidance[0] = "Stir."
	if err := got.Verify(); err == nil {
		t.Error("the content was changed, and the hash stands")
	}
	for n := range len(form) {
		if _, err := Decode(bytes.NewReader(form[:n])); err == nil {
			t.Errorf("the first %d of %d bytes are taken", n, len(form))
		}
	}
}

// FuzzDecode reads whatever was meant to be a compact form: it fails or gives a
// release that can be written again.
func FuzzDecode(f *testing.F) {
	rel, err := Read(release(), "9.9")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encode(rel))
	f.Fuzz(func(t *testing.T, raw []byte) {
		rel, err := decode(raw)
		if err != nil {
			return
		}
		again, err := decode(encode(rel))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(rel, again); diff != "" {
			t.Errorf("read, written and read (-first +again):\n%s", diff)
		}
	})
}
