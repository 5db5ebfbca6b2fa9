package match

import (
	"testing"

	"openiis.org/iis"
)

func TestCertificateKey(t *testing.T) {
	for number, want := range map[string]iis.Key{
		"2009-020411": "B2009020411", " 2009 020411": "B2009020411", "mn/2009/a7": "BMN2009A7", "100-0001": "B1000001", "MN1234567": "BMN1234567",
		"": "", "7": "", "0000000": "", "1111111": "", "000-00-0000": "", "10000000": "", "1234567": "", "12345": "", "0123456": "",
		"UNKNOWN": "", "Unknown.": "", "not on file": "", "N/A": "", "none": "", "xxxxxx": "", "pending": "",
	} {
		if got := CertificateKey(number); got != want {
			t.Errorf("CertificateKey(%q) = %q, want %q", number, got, want)
		}
	}
}
