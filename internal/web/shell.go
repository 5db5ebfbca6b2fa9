package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/signin"
)

// shell is what stands around every page (guide 4 to 6, 10).
type shell struct {
	Name, Region, RegionTag, RegionRest, Release string
	Demo                                         bool
	Format                                       string // the line that says how to get another format
	IDLabel                                      string
	CSS, JS                                      string // addresses

	SignedIn       bool
	Organization   string // acted for
	OrganizationID iis.OrganizationID
	User           string
	Role           iis.Role
	CanSwitch      bool
	MayFind        bool
	MayAdminister  bool // users of every organization
	Menu           []menuGroup
	Keys           bool // single-key shortcuts are on
	Idle           int  // seconds until the session ends

	Notice string // of what was just done
	Help   HelpDesk
}

// menuGroup is a heading of the left menu with its entries.
type menuGroup struct {
	Title string
	Items []menuItem
}

// menuItem is an entry of the left menu; only those the policy allows are in it
// (guide 2).
type menuItem struct {
	Text, Path string
	policy     iis.Permission
	Here       bool
	Waits      bool // shown only while something waits there
	Count      int  // of things that wait
}

// Current is the value of aria-current.
func (m menuItem) Current() string { return "page" }

// menu lists the functions in the order of the guide.
var menu = []menuGroup{
	{"Routine Functions", []menuItem{
		{Text: "manage client", Path: "/clients", policy: iis.EditClient},
		{Text: "enter new client", Path: "/clients/new", policy: iis.EnterClient},
		{Text: "manage immunizations", Path: "/immunizations", policy: iis.ViewClient},
		{Text: "possible duplicates", Path: duplicatesPath, policy: iis.ReviewDuplicate},
		{Text: "import a file", Path: importPath, policy: iis.ImportClients},
		{Text: "reported problems", Path: problemsPath, policy: iis.RecordDose, Waits: true},
	}},
	{"Administration", []menuItem{
		{Text: "manage users", Path: "/users", policy: iis.ManageUsers},
		{Text: "announcements", Path: "/announcements", policy: iis.ManageAnnouncement},
		{Text: "held entries", Path: "/held", policy: iis.ResolveHeldEntry},
		{Text: "system status", Path: "/system", policy: iis.ManageSchedule},
	}},
}

// notices are the words of what was done, by the name that done puts into the
// address: the address cannot make the page say anything else.
var notices = map[string]string{
	"client-updated":   "Client Updated",
	"merged":           "The record you asked for was merged into this one",
	"client-entered":   "Client Added",
	"unchanged":        "No changes to save",
	"discarded":        "Changes discarded",
	"deceased":         "Marked as deceased",
	"undeceased":       "No longer marked as deceased",
	"password":         "Password changed",
	"signed-out":       "You are signed out",
	"signed-out-there": "Signed out everywhere else",
	"timed-out":        "You were signed out after 30 minutes without activity",
	"switched":         "Organization switched",
	"shortcuts":        "Shortcuts changed",
	"mail":             "E-mail setting saved",
	"user-changed":     "User changed",
	"announced":        "Announcement posted",
	"removed":          "Announcement removed",
	"resolved":         "Entry resolved",
	"record-issued":    "Record issued",
	"schedule-used":    "Current schedule changed",
	"policy-used":      "Current matching policy changed",
	"reported":         "Problem reported",
	"problem-resolved": "Problem resolved",
	"sweep-begun":      "All clients are being looked through",
	"pair-reported":    "Reported as a possible duplicate",
	"pair-different":   "Kept as different people",
	"pair-later":       "Put off",
	"pair-assigned":    "The pair is assigned to you",
	"pair-given-back":  "The pair is given back: it is assigned to nobody",
	"second-asked":     "Your wish to merge is noted: a second person has to ask for it too",
	"clients-merged":   "The two records are merged",
	"carried":          "What you typed is carried over to this record. Look at it and save",
	"imported":         "File taken in",
	"import-cancelled": "Nothing was taken in",
	"import-chosen":    "Choices kept",
	"import-undone":    "Import undone",
	"unmerged":         "There are two records again",
}

// shellOf returns the shell of the page that answers the request.
func shellOf(r *http.Request) shell {
	v := visitOf(r)
	sh := v.server.shell(v, r.URL.Path)
	v.server.countProblems(r, &sh)
	if r.Method == http.MethodGet {
		done := r.URL.Query().Get("done")
		sh.Notice = cmp.Or(notices[done], doseNoticeText(done))
	}
	c, err := r.Cookie(keysCookie)
	sh.Keys = err != nil || c.Value != "off"
	return sh
}

func (s *Server) shell(v *visit, at string) shell {
	sh := shell{
		Name: s.set.Name, Region: s.set.Region, Release: s.set.Release, Demo: s.set.Demo,
		Format: s.set.Help.Format, Help: s.set.Help, IDLabel: s.reg.Options().IDLabel,
		CSS: staticURL("app.css"), JS: staticURL("app.js"),
		Idle: int(signin.Idle.Seconds()),
	}
	sh.RegionTag, sh.RegionRest, _ = strings.Cut(s.set.Region, " ")
	if !v.signedIn() {
		return sh
	}
	a := v.Actor
	sh.SignedIn = true
	sh.Organization, sh.OrganizationID, sh.User, sh.Role = a.OrgName, a.Organization, a.Name, a.Role
	sh.CanSwitch = len(v.Grants) > 1 || a.May(iis.ActForAny)
	sh.MayFind = a.May(iis.ViewClient)
	sh.MayAdminister = a.May(iis.ManageAnyUsers)
	if strings.HasPrefix(at, "/clients/") && slices.Contains(strings.Split(at, "/"), "immunizations") {
		at = "/immunizations"
	}
	if rest, ok := strings.CutPrefix(at, batchesPath+"/"); ok {
		at = importPath + "/" + rest
	}
	for _, g := range menu {
		items := slices.Clone(g.Items)
		items = slices.DeleteFunc(items, func(m menuItem) bool { return !a.May(m.policy) })
		best := -1
		for i, m := range items {
			if (at == m.Path || strings.HasPrefix(at, m.Path+"/")) && (best < 0 || len(m.Path) > len(items[best].Path)) {
				best = i
			}
		}
		if best >= 0 {
			items[best].Here = true
		}
		if len(items) > 0 {
			sh.Menu = append(sh.Menu, menuGroup{g.Title, items})
		}
	}
	return sh
}

//go:embed static
var static embed.FS

// file is a static file, ready to be sent.
type file struct {
	kind         string
	body, zipped []byte
}

// files holds the static files by the name in their address, which contains a
// hash of the content: a new release is a new address, and browsers keep what
// they have for good.
var files, fileURLs = loadStatic()

func loadStatic() (map[string]file, map[string]string) {
	byName, urls := map[string]file{}, map[string]string{}
	entries, err := static.ReadDir("static")
	if err != nil {
		panic(err)
	}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
	for _, e := range entries {
		body, err := static.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		ext := path.Ext(e.Name())
		sent := squeeze(body)
		if ext == ".css" {
			sent = around.ReplaceAll(sent, []byte("$1$2"))
		}
		name := hashedName(e.Name(), body)
		byName[name] = file{kind: kinds[ext], body: sent, zipped: zip(sent)}
		urls[e.Name()] = "/static/" + name
	}
	return byName, urls
}

// hashedName is the name of a static file in its address.
func hashedName(name string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
}

// addStatic adds a file that the program makes of its own tables; it is called
// before anything is served.
func addStatic(name, kind string, body []byte) {
	hashed := hashedName(name, body)
	files[hashed] = file{kind: kind, body: body, zipped: zip(body)}
	fileURLs[name] = "/static/" + hashed
}

// remark is a comment of a style sheet, or a line of a script that is one.
var remark = regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:^[ \t]*//.*$)`)

// around is the space about the signs of a style sheet; none of its strings has
// any there.
var around = regexp.MustCompile(`\s*([{};,>])\s*|(?:(:) )`)

// squeeze takes from a style sheet or script what only its authors read:
// comments, indentation and empty lines. Neither has strings over several lines.
func squeeze(body []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(remark.ReplaceAll(body, nil)) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			b.Write(line)
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// staticURL returns the address of a static file.
func staticURL(name string) string { return fileURLs[name] }

func (s *Server) static(w http.ResponseWriter, r *http.Request) error {
	f, ok := files[r.PathValue("file")]
	if !ok {
		return iis.Errorf(iis.NotFound, "There is no such file.")
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", f.kind)
	h.Add("Vary", "Accept-Encoding")
	body := f.body
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	return send(w, r, http.StatusOK, body)
}
