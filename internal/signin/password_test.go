package signin

import (
	"strings"
	"testing"

	"openiis.org/iis"
)

func TestHash(t *testing.T) {
	const password = "four words that fit"
	a, err := Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(a, want) {
		t.Errorf("Hash = %s, want a string that begins with %s", a, want)
	}
	if a == b {
		t.Errorf("two hashes of one password are equal: %s", a)
	}
	weak := cost{memory: 64, passes: 1, threads: 1}
	salt := []byte("0123456789abcdef")
	k, err := key(t.Context(), password, salt, weak, keySize)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, phc, password string
		ok, stale           bool
	}{
		{"right", a, password, true, false},
		{"wrong", a, password + ".", false, false},
		{"empty", a, "", false, false},
		{"composed otherwise", mustHash(t, "Zoë is my good friend"), "Zoë is my good friend", true, false},
		{"hash of another cost", encode(weak, salt, k), password, true, true},
		{"no hash", "", "", false, false},
		{"an account without a password", nobody, "", false, false},
		{"not a hash", "plain text", "plain text", false, false},
		{"cost beyond reason", "$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA", password, false, false},
		{"10,000 characters", a, strings.Repeat("x", 10_000), false, false},
	} {
		ok, stale, err := check(t.Context(), test.phc, test.password)
		if err != nil || ok != test.ok || ok && stale != test.stale {
			t.Errorf("%s: check = %t, %t, %v, want %t, %t", test.name, ok, stale, err, test.ok, test.stale)
		}
	}
}

func mustHash(t *testing.T, password string) string {
	t.Helper()
	h, err := Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestHashAtOnce holds all places for hashes and asks for one more.
func TestHashAtOnce(t *testing.T) {
	for range cap(hashing) {
		hashing <- struct{}{}
	}
	defer func() {
		for range cap(hashing) {
			<-hashing
		}
	}()
	ctx := t.Context()
	done := make(chan struct{})
	close(done)
	if _, err := Hash(ended{ctx, done}, "any password at all"); iis.KindOf(err) != iis.Busy {
		t.Errorf("Hash with all places taken = %v, want Busy", err)
	}
}

func TestCheckNew(t *testing.T) {
	u := iis.User{UserName: "r.nurse", Name: "Rosalind Nurse", Email: "rosalind@example.org"}
	for _, test := range []struct {
		password string
		want     iis.Kind
	}{
		{"openiis-demo", ""},
		{"copper lantern violin", ""},
		{"ünïcödé sätzchen", ""},
		{strings.Repeat("a long sentence. ", 7), ""}, // 119 characters
		{"eleven char", iis.Invalid},
		{strings.Repeat("a long sentence. ", 8), iis.Invalid}, // 136
		{"passwordpassword", iis.Invalid},
		{"P@ssw0rdP@ssw0rd2026!", iis.Invalid},
		{"ImmunizationRegistry1", iis.Invalid},
		{"aaaaaaaaaaaaaaaa", iis.Invalid},
		{"abcabcabcabcabc", iis.Invalid},
		{"123456789012", iis.Invalid},
		{"rosalindnurse1", iis.Invalid},
		{"rosalind@example.org", iis.Invalid},
		{"R.Nurse-R.Nurse", ""}, // 15 characters, and longer than the name by much
	} {
		if got := iis.KindOf(CheckNew(u, test.password)); got != test.want {
			t.Errorf("CheckNew(%q) = %q, want %q", test.password, got, test.want)
		}
	}
}
