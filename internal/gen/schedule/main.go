// Command schedule turns a release of CDC's CDSi supporting data, a folder of
// XML files, into the compact form that ships inside the program. docs/forecast.md
// says where to get a release and how to renew the form.
package main

import (
	"bytes"
	"flag"
	"log"
	"os"

	"openiis.org/iis/internal/forecast/cdsi"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("schedule: ")
	from := flag.String("from", "", "`folder` of the XML files of a release")
	version := flag.String("version", "", "version of the release, such as 4.64")
	out := flag.String("o", "schedule.bin", "`file` to write")
	flag.Parse()
	if *from == "" || *version == "" {
		log.Fatal("name the folder of the release with -from and its version with -version")
	}
	if err := write(*from, *version, *out); err != nil {
		log.Fatal(err)
	}
}

func write(from, version, out string) error {
	rel, err := cdsi.Read(os.DirFS(from), version)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := cdsi.Encode(&b, rel); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
