package main

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"openiis.org/iis/internal/forecast"
)

// cdsiRelease is a release of CDSi supporting data in a folder or an archive.
type cdsiRelease struct {
	files   fs.FS
	version string // "" if no name says it
	close   func() error
}

// largestArchive is the size of an archive that is still opened; CDC's has a few
// megabytes. What is in it is limited by package forecast.
const largestArchive = 256 << 20

// openRelease finds the release at a path, a folder or a zip file, and the version
// that its name says.
func openRelease(name string) (r cdsiRelease, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
	}()
	full, err := filepath.Abs(name)
	if err != nil {
		return r, err
	}
	info, err := os.Stat(full)
	if err != nil {
		return r, fmt.Errorf("there is no such folder or file")
	}
	var all fs.FS
	r.close = func() error { return nil }
	if info.IsDir() {
		all = os.DirFS(full)
	} else if all, r.close, err = openArchive(full, info.Size()); err != nil {
		return r, err
	}
	files, at, err := forecast.Find(all)
	if err != nil {
		r.close()
		return r, err
	}
	r.files = files
	base := filepath.Base(full)
	r.version = cmp.Or(forecast.VersionIn(at), forecast.VersionIn(base))
	if strings.EqualFold(base, "xml") { // CDC's own folder inside that of the release
		r.version = cmp.Or(r.version, forecast.VersionIn(filepath.Base(filepath.Dir(full))))
	}
	return r, nil
}

func openArchive(full string, size int64) (fs.FS, func() error, error) {
	if size > largestArchive {
		return nil, nil, fmt.Errorf("larger than %d MB, which no release is", largestArchive>>20)
	}
	f, err := os.Open(full)
	if err != nil {
		return nil, nil, err
	}
	z, err := zip.NewReader(io.NewSectionReader(f, 0, size), size)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("not a folder and not a zip file: %w", err)
	}
	return z, f.Close, nil
}
