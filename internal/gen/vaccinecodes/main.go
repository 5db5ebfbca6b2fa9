// Command vaccinecodes turns CDC's code sets of vaccines, manufacturers, trade
// names, packages and information statements, a folder of files as CDC publishes
// them, into the table that package code has inside. docs/codes.md says where to
// get the files and how to renew the table.
package main

import (
	"bytes"
	"flag"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("vaccinecodes: ")
	from := flag.String("from", "", "`folder` of CDC's files")
	out := flag.String("o", "codes.txt", "`file` to write")
	flag.Parse()
	if *from == "" {
		log.Fatal("name the folder of CDC's files with -from")
	}
	if err := write(*from, *out); err != nil {
		log.Fatal(err)
	}
}

func write(from, out string) error {
	s, err := read(os.DirFS(from))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := table(&b, s); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
