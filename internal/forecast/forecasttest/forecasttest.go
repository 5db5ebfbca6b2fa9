// Package forecasttest gives tests a small invented release of supporting data,
// in the form of CDC's: two antigens, one of them with a season. Only tests call
// it.
package forecasttest

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"
)

// The texts that tests replace.
const (
	SeasonEnd = "20200630" // of Gripe
	Guidance  = "Shake before use."
	FirstAge  = "6 months"
)

// The files of the release.
const (
	Main  = "ScheduleSupportingData.xml"
	Gripe = "AntigenSupportingData- Gripe-508.xml"
	Pox   = "AntigenSupportingData- Pox-508.xml"
)

//go:embed release
var files embed.FS

// Release returns the files of the release, with texts replaced by others.
func Release(t testing.TB, replaced ...string) fstest.MapFS {
	t.Helper()
	r := strings.NewReplacer(replaced...)
	out := fstest.MapFS{}
	err := fs.WalkDir(files, "release", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		out[path.Base(name)] = &fstest.MapFile{Data: []byte(r.Replace(string(text)))}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
