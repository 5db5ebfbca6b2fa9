//go:build ignore

// Command census_gen compiles the name counts of the US Census Bureau's
// "Frequently Occurring Surnames and First Names from the 1990 Census" (public
// domain: dist.all.last, dist.female.first, dist.male.first) into the table
// that this package embeds:
//
//	go run census_gen.go -from DIR
//
// A line of the table is a name in the order of frequency; "# last" starts a
// list and "= 1006" says that each name from here on bears 1.006 % of people.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	from := flag.String("from", ".", "folder with the three files of the Census Bureau")
	flag.Parse()
	var out bytes.Buffer
	for _, list := range []struct{ name, file string }{
		{"last", "dist.all.last"},
		{"female", "dist.female.first"},
		{"male", "dist.male.first"},
	} {
		fmt.Fprintf(&out, "# %s\n", list.name)
		if err := compile(&out, filepath.Join(*from, list.file)); err != nil {
			log.Fatal(err)
		}
	}
	f, err := os.Create("census.txt.gz")
	if err != nil {
		log.Fatal(err)
	}
	z, _ := gzip.NewWriterLevel(f, gzip.BestCompression)
	if _, err := z.Write(out.Bytes()); err != nil {
		log.Fatal(err)
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}

func compile(out *bytes.Buffer, file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	last := ""
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) != 4 {
			return fmt.Errorf("%s: a line of %d columns, not 4", file, len(f))
		}
		share := strings.TrimLeft(strings.Replace(f[1], ".", "", 1), "0")
		if share == "" {
			share = "0"
		}
		if share != last {
			fmt.Fprintf(out, "= %s\n", share)
			last = share
		}
		fmt.Fprintln(out, f[0])
	}
	return nil
}
