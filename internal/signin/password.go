package signin

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"openiis.org/iis"
	"openiis.org/iis/internal/store"
)

// Length of a password in characters. There is no rule on what it is made of:
// length is what counts (NIST SP 800-63B).
const (
	MinPassword = 12
	MaxPassword = 128
)

// cost is what one argon2id hash takes.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// current is the cost of new hashes: 19 MiB, about 30 ms. A hash of another
// cost is renewed at the next sign-in.
var current = cost{memory: 19 * 1024, passes: 2, threads: 1}

const (
	saltSize = 16
	keySize  = 32
)

// hashing bounds how many hashes are worked out at once: each takes 19 MiB.
var hashing = make(chan struct{}, 4)

// longestWait is how long a hash waits for its turn.
const longestWait = 5 * time.Second

var errCrowd = iis.Errorf(iis.Busy, "Too many people are signing in just now. Please try again shortly.")

func key(ctx context.Context, password string, salt []byte, c cost, size uint32) ([]byte, error) {
	wait := time.NewTimer(longestWait)
	defer wait.Stop()
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, errCrowd
	case <-wait.C:
		return nil, errCrowd
	}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.passes, c.memory, c.threads, size), nil
}

// Hash returns the PHC string of a password, with a new salt.
func Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	k, err := key(ctx, password, salt, current, keySize)
	if err != nil {
		return "", err
	}
	return encode(current, salt, k), nil
}

func encode(c cost, salt, k []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads, b64(salt), b64(k))
}

var errHash = errors.New("not a password hash of this program")

// decode reads a PHC string. Costs beyond reason are refused, so that a row
// written by someone else cannot stop the program.
func decode(phc string) (c cost, salt, k []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil ||
		c.memory < 8 || c.memory > 1<<20 || c.passes < 1 || c.passes > 20 || c.threads < 1 {
		return c, nil, nil, errHash
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, errHash
	}
	if k, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(k) < 16 || len(k) > 64 {
		return c, nil, nil, errHash
	}
	return c, salt, k, nil
}

// nobody is compared with when there is no hash to compare with, so that every
// answer takes the same work.
var nobody = encode(current, make([]byte, saltSize), make([]byte, keySize))

// check reports whether the password is the one of the hash; stale says that
// the hash should be renewed. An empty or unreadable hash matches nothing but
// costs the same.
func check(ctx context.Context, phc, password string) (ok, stale bool, err error) {
	c, salt, want, err := decode(phc)
	known := err == nil
	if !known {
		c, salt, want, _ = decode(nobody)
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password = ""
	}
	got, err := key(ctx, password, salt, c, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(got, want) == 1
	return same && known, c != current || len(want) != keySize, nil
}

//go:embed common.txt
var commonList []byte

// common holds passwords that are guessed first, folded by plainKey.
var common = func() map[string]bool {
	m := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(commonList))
	for lines.Scan() {
		if l := strings.TrimSpace(lines.Text()); l != "" && !strings.HasPrefix(l, "#") {
			m[plainKey(l)] = true
		}
	}
	return m
}()

// plainKey folds what people vary to make a common password look new: case,
// digits and signs at the end, and signs put for letters.
func plainKey(s string) string {
	s = strings.NewReplacer("@", "a", "0", "o", "1", "i", "3", "e", "$", "s", "5", "s", "7", "t", "!", "i").
		Replace(strings.ToLower(strings.TrimRight(s, "0123456789!?.#*$ ")))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_.,", r) {
			return -1
		}
		return r
	}, s)
}

// CheckNew says what is wrong with a password someone chooses for the account,
// as an Invalid error about the field "new".
func CheckNew(u iis.User, password string) error {
	n := utf8.RuneCountInString(password)
	var text string
	switch {
	case n < MinPassword:
		text = fmt.Sprintf("Choose a password of at least %d characters. A short sentence is easy to remember.", MinPassword)
	case n > MaxPassword:
		text = fmt.Sprintf("Choose a password of at most %d characters.", MaxPassword)
	case !utf8.ValidString(password):
		text = "Choose a password made of characters that can be typed."
	case guessable(u, password):
		text = "This password is among the first that are tried by others, or repeats your user name. Choose another one."
	default:
		return nil
	}
	return iis.Problems(iis.Problem{Field: "new", Text: text})
}

func guessable(u iis.User, password string) bool {
	k := plainKey(password)
	if common[k] {
		return true
	}
	// One to four signs repeated, "abcabcabcabc", or a run, "123456789012".
	lower := strings.ToLower(password)
	for size := 1; size <= 4; size++ {
		if strings.HasPrefix(strings.Repeat(lower[:min(size, len(lower))], len(lower)), lower) {
			return true
		}
	}
	for _, run := range []string{"12345678901234567890", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"} {
		if strings.Contains(run, lower) {
			return true
		}
	}
	for _, own := range []string{u.UserName, u.Email, u.Name} {
		if own = plainKey(own); len(own) >= 4 && (k == own || strings.Contains(k, own) && len(k) < len(own)+6) {
			return true
		}
	}
	return false
}

// ChangePassword replaces the person's own password, which needs the old one.
// Every other session ends, and this one goes on under a new token.
func (s *SignIn) ChangePassword(ctx context.Context, v Visit, token, address, old, fresh, again string) (string, error) {
	var hash string
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		hash, err = tx.PasswordHash(ctx, v.User.ID)
		return err
	})
	if err != nil {
		return "", err
	}
	name := "change\x00" + strings.ToLower(v.User.UserName)
	if !s.brake.free(name, address, s.now()) {
		return "", iis.Problems(iis.Problem{Field: "old", Text: "There were too many attempts. Wait a minute and try again."})
	}
	ok, _, err := check(ctx, hash, old)
	if err != nil {
		return "", err
	}
	if !ok {
		s.brake.fail(name, address, s.now())
		if err := s.recordAlone(ctx, v.Actor, iis.ActionRefused, "change of password"); err != nil {
			return "", err
		}
		return "", iis.Problems(iis.Problem{Field: "old", Text: "This is not your present password. Type it again."})
	}
	s.brake.release(name, address)
	if err := checkChoice(v.User, fresh, again); err != nil {
		return "", err
	}
	if fresh == old {
		return "", iis.Problems(iis.Problem{Field: "new", Text: "Choose a password other than the present one."})
	}
	if hash, err = Hash(ctx, fresh); err != nil {
		return "", err
	}
	next := rand.Text() + rand.Text()
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, v.User.ID)
		if err != nil {
			return err
		}
		u.MustSet = false
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		if err := tx.PutPassword(ctx, u.ID, hash); err != nil {
			return err
		}
		if err := tx.DeleteSessionsOf(ctx, u.ID, tokenHash(token)); err != nil {
			return err
		}
		if err := s.renew(ctx, tx, token, next, ""); err != nil {
			return err
		}
		return s.record(ctx, tx, v.Actor, iis.ActionPassword, string(u.ID))
	})
	return next, err
}

func checkChoice(u iis.User, fresh, again string) error {
	if err := CheckNew(u, fresh); err != nil {
		return err
	}
	if fresh != again {
		return iis.Problems(iis.Problem{Field: "again", Text: "The two new passwords differ. Type the new one in both fields."})
	}
	return nil
}
