package forecast

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// mainFile is the file that every release has once.
const mainFile = "ScheduleSupportingData.xml"

// mostEntries is how many files and folders are looked through for a release.
const mostEntries = 5000

// Find finds the one release in a folder or archive, at its top or in a folder
// below, as CDC packs its XML beside other forms of the same. It returns the
// release for Load and Pack, and the path of its folder.
func Find(fsys fs.FS) (release fs.FS, at string, err error) {
	var found []string
	seen := 0
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if seen++; seen > mostEntries {
			return fmt.Errorf("more than %d files: name the release itself", mostEntries)
		}
		if !d.IsDir() && path.Base(name) == mainFile {
			found = append(found, path.Dir(name))
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, "", err
	case len(found) == 0:
		return nil, "", errors.New("there is no file " + mainFile + ", which every release of CDSi supporting data has")
	case len(found) > 1:
		return nil, "", fmt.Errorf("more than one release, in the folders %s: name one", strings.Join(found, " and "))
	}
	release, err = fs.Sub(fsys, found[0])
	return release, found[0], err
}

// version finds the version of a release in the name of a folder or file.
var version = regexp.MustCompile(`\d+(\.\d+)+`)

// VersionIn returns the version that a path names, "" if none: the files of a
// release do not say theirs. The last part of the path that has one counts.
func VersionIn(name string) string {
	for _, part := range slices.Backward(strings.Split(name, "/")) {
		if v := version.FindString(part); v != "" {
			return v
		}
	}
	return ""
}
