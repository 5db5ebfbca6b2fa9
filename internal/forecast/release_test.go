package forecast_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"openiis.org/iis"
	"openiis.org/iis/internal/forecast"
	"openiis.org/iis/internal/forecast/forecasttest"
)

// within puts the files of a release into a folder of another.
func within(folder string, release fstest.MapFS, others ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, f := range release {
		all[folder+name] = f
	}
	for _, name := range others {
		all[name] = &fstest.MapFile{Data: []byte("other")}
	}
	return all
}

// packed is a zip file with the files of a folder.
func packed(t *testing.T, files fs.FS) *zip.Reader {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if err := w.AddFS(files); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFind finds a release wherever it lies in a folder or a zip file, and the
// schedule it makes is the same.
func TestFind(t *testing.T) {
	rel := forecasttest.Release(t)
	want, err := forecast.Load(rel, "9.1")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		files fs.FS
		at    string
	}{
		"side by side":    {rel, "."},
		"in a folder":     {within("XML/", rel, "Excel/Gripe.xlsx", "readme.txt"), "XML"},
		"deep":            {within("Version 9.1 - 508/XML/", rel), "Version 9.1 - 508/XML"},
		"zipped":          {packed(t, rel), "."},
		"zipped deep":     {packed(t, within("Version 9.1 - 508/XML/", rel, "Word/Gripe.docx")), "Version 9.1 - 508/XML"},
		"of another disk": {packed(t, within("XML/", rel, "XML/._"+forecasttest.Gripe, "__MACOSX/XML/._"+forecasttest.Main)), "XML"},
	} {
		found, at, err := forecast.Find(test.files)
		if err != nil || at != test.at {
			t.Errorf("Find(%s) is at %q, %v, want %q", name, at, err, test.at)
			continue
		}
		s, err := forecast.Load(found, "9.1")
		if err != nil {
			t.Errorf("Load(%s): %v", name, err)
			continue
		}
		if s.Hash != want.Hash {
			t.Errorf("Load(%s) has the hash %s, want %s", name, s.Hash, want.Hash)
		}
	}
	many := fstest.MapFS{}
	for i := range 6000 {
		many[fmt.Sprint("f", i)] = &fstest.MapFile{}
	}
	two := within("a/", rel)
	for name, f := range within("b/", rel) {
		two[name] = f
	}
	without := forecasttest.Release(t)
	delete(without, forecasttest.Main)
	for name, test := range map[string]struct {
		files fs.FS
		says  string
	}{
		"two releases":      {two, "a and b"},
		"no schedule file":  {without, "ScheduleSupportingData.xml"},
		"nothing":           {fstest.MapFS{}, "ScheduleSupportingData.xml"},
		"any number of all": {many, "more than 5000 files"},
	} {
		if _, _, err := forecast.Find(test.files); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("Find(%s): %v, want it to say %q", name, err, test.says)
		}
	}
}

// TestRefusedRelease tampers with a release, which is refused then with the name
// of the file, and the line if it is in one.
func TestRefusedRelease(t *testing.T) {
	missing := forecasttest.Release(t)
	delete(missing, forecasttest.Pox)
	twice := forecasttest.Release(t)
	twice["AntigenSupportingData- Pox-2.xml"] = twice[forecasttest.Pox]
	stranger := within("", forecasttest.Release(t), "notes.xml")
	large := forecasttest.Release(t, "</seriesName>", strings.Repeat(" ", 9<<20)+"</seriesName>")
	larger := forecasttest.Release(t)
	for i := range 8 {
		larger[fmt.Sprintf("AntigenSupportingData- %d.xml", i)] = &fstest.MapFile{
			Data: []byte(strings.Replace(string(larger[forecasttest.Pox].Data), "</seriesName>", strings.Repeat(" ", 7<<20)+"</seriesName>", 1))}
	}
	many := forecasttest.Release(t)
	for i := range 300 {
		many[fmt.Sprintf("AntigenSupportingData- %d.xml", i)] = many[forecasttest.Pox]
	}
	const gripe, pox, main = forecasttest.Gripe, forecasttest.Pox, forecasttest.Main
	for name, test := range map[string]struct {
		files fs.FS
		says  []string
	}{
		"a file missing":               {missing, []string{"AntigenSupportingData*.xml", `antigen "Pox"`}},
		"an antigen twice":             {twice, []string{pox, "has a file already"}},
		"a strange file":               {stranger, []string{"notes.xml"}},
		"an unknown element":           {forecasttest.Release(t, "<recurringDose>Yes", "<moon>full</moon><recurringDose>Yes"), []string{gripe + ":18", "element moon is not known"}},
		"a blank unknown element":      {forecasttest.Release(t, "<recurringDose>Yes", "<moon/><recurringDose>Yes"), []string{gripe + ":18", "element moon is not known"}},
		"an attribute":                 {forecasttest.Release(t, "<recurringDose>Yes", `<recurringDose moon="full">Yes`), []string{gripe, "line 18", "attribute moon"}},
		"a bad period":                 {forecasttest.Release(t, "<minAge>6 months", "<minAge>6 moons"), []string{gripe + ":16", "minAge", "6 moons"}},
		"a wrong date":                 {forecasttest.Release(t, forecasttest.SeasonEnd, "20200631"), []string{gripe + ":19", "endDate", "20200631"}},
		"a season that never was":      {forecasttest.Release(t, forecasttest.SeasonEnd, "20180630"), []string{gripe, "ends before it starts"}},
		"a section missing":            {forecasttest.Release(t, "liveVirusConflicts>", "observations>"), []string{main, "liveVirusConflicts"}},
		"no contraindications":         {forecasttest.Release(t, "<contraindications/>", ""), []string{gripe, "contraindications"}},
		"half a file":                  {forecasttest.Release(t, "<recurringDose>Yes</recurringDose>", "<recurringDose>Yes<"), []string{gripe, "line 18"}},
		"two roots":                    {forecasttest.Release(t, "</antigenSupportingData>", "</antigenSupportingData><antigenSupportingData/>"), []string{gripe, "after the end"}},
		"text after the end":           {forecasttest.Release(t, "</antigenSupportingData>", "</antigenSupportingData>moon"), []string{gripe, "outside of elements"}},
		"a document type":              {forecasttest.Release(t, "<antigenSupportingData>", `<!DOCTYPE x [<!ENTITY a "b">]><antigenSupportingData>`), []string{gripe, "document type"}},
		"elements in elements":         {forecasttest.Release(t, "<immunity/>", strings.Repeat("<immunity>", 99)+strings.Repeat("</immunity>", 99)), []string{gripe, "in one another"}},
		"a series group out of bounds": {forecasttest.Release(t, "<seriesGroup>1<", "<seriesGroup>99<"), []string{gripe + ":12", "series group 99"}},
		"a file that is too large":     {large, []string{gripe, "larger than a release can be"}},
		"files that are too large":     {larger, []string{"larger than a release can be"}},
		"too many files":               {many, []string{"more than 200 XML files"}},
		"a zip bomb":                   {packed(t, large), []string{gripe, "larger than a release can be"}},
	} {
		_, err := forecast.Pack(test.files, "9.1")
		if err == nil {
			t.Errorf("a release with %s is taken", name)
			continue
		}
		for _, says := range test.says {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("a release with %s: %.300s, want it to say %q", name, err, says)
			}
		}
	}
}

// TestSameVersion loads two releases of one version and other content: both say
// the version, and their hashes differ.
func TestSameVersion(t *testing.T) {
	load := func(version string, replaced ...string) *forecast.Schedule {
		t.Helper()
		compact, err := forecast.Pack(forecasttest.Release(t, replaced...), version)
		if err != nil {
			t.Fatal(err)
		}
		s, err := forecast.Unpack(compact)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	p := forecast.Patient{Birth: iis.Date{Year: 2019, Month: 1, Day: 1}}
	day := iis.Date{Year: 2020, Month: 1, Day: 1}
	a, b, c := load("9.1"), load("9.1", forecasttest.Guidance, "Stir."), load("9.2")
	if a.Hash != load("9.1").Hash {
		t.Error("one release has two hashes")
	}
	if a.Hash == b.Hash || a.Hash == c.Hash {
		t.Error("two releases have one hash")
	}
	for _, s := range []*forecast.Schedule{a, b, c} {
		res := s.Run(p, day)
		if res.Schedule != s.Version || res.Hash != s.Hash {
			t.Errorf("a result says schedule %s, hash %s, want %s, %s", res.Schedule, res.Hash, s.Version, s.Hash)
		}
	}
}

// TestUnpackRefuses changes the compact form of a release.
func TestUnpackRefuses(t *testing.T) {
	compact, err := forecast.Pack(forecasttest.Release(t), "9.1")
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string][]byte{
		"nothing": nil, "half": compact[:len(compact)/2], "text": []byte("schedule"),
	} {
		if _, err := forecast.Unpack(form); err == nil {
			t.Errorf("Unpack(%s) succeeds", name)
		}
	}
}

func TestVersionIn(t *testing.T) {
	for name, want := range map[string]string{
		"supporting-data-4.64": "4.64", "Version 4.64 - 508/XML": "4.64", "cdsi-v4.64.zip": "4.64", "v4.65/Version 4.64/XML": "4.64",
		"XML": "", "508": "", ".": "", "4.64.1": "4.64.1",
	} {
		if got := forecast.VersionIn(name); got != want {
			t.Errorf("VersionIn(%q) = %q, want %q", name, got, want)
		}
	}
}
