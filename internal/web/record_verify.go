package web

import (
	"net/http"

	"openiis.org/iis"
	"openiis.org/iis/internal/paper"
)

// verifyScreen is the page on which anyone can verify a printed record.
type verifyScreen struct {
	Words    paper.VerifyWords
	Code     string // as it is printed; "" if none was given
	Typed    string // that is no code
	NotShown bool
	Genuine  paper.Text // what the record is; empty if it is not shown
	Changed  bool
	Doc      paperDoc // with the doses, if the birth date was right
	Shown    bool
}

var verifyPage = newPage[verifyScreen]("record/verify")

// verifyLanguage is that of the pages of verification: they are for families.
func (s *Server) verifyLanguage() paper.Language {
	all := paper.Languages(s.set.EnglishOnly)
	return all[len(all)-1]
}

// askVerify asks for the code of a record.
func (s *Server) askVerify(w http.ResponseWriter, r *http.Request) error {
	return verifyPage.show(w, r, http.StatusOK, verifyScreen{Words: paper.WordsOfVerify(s.verifyLanguage())})
}

// findVerify leads to the record of a code that was typed. What is no code gets
// into no address.
func (s *Server) findVerify(w http.ResponseWriter, r *http.Request) error {
	code, ok := paper.ReadCode(r.PostForm.Get("code"))
	if !ok {
		sc := verifyScreen{Words: paper.WordsOfVerify(s.verifyLanguage()), Typed: clip(r.PostForm.Get("code"), 40)}
		return verifyPage.show(w, r, http.StatusUnprocessableEntity, sc, iis.Problem{Field: "code", Text: sc.Words.NotACode.String()})
	}
	return done(w, r, "/verify/"+code, "")
}

// verify says what the record of a code is, and with its client's birth date
// typed shows the doses on it. A code that was never given, one of a client of
// whom nothing may be told, and one asked for too often are answered alike.
func (s *Server) verify(w http.ResponseWriter, r *http.Request) error {
	sc := verifyScreen{Words: paper.WordsOfVerify(s.verifyLanguage())}
	code, ok := paper.ReadCode(r.PathValue("record"))
	sc.Code = paper.GroupedCode(code)
	at := s.address(r)
	if !ok || !s.signin.MayAsk(at) {
		return s.notVerified(w, r, sc)
	}
	typed := r.Method == http.MethodPost
	birth := clip(r.PostForm.Get("birth"), 40)
	braked := typed && !s.signin.MayGuess(code, at)
	if braked {
		birth = ""
	}
	v, err := s.reg.Verify(r.Context(), code, birth)
	if iis.KindOf(err) == iis.NotFound {
		return s.notVerified(w, r, sc)
	}
	wrong := iis.KindOf(err) == iis.Invalid
	if err != nil && !wrong {
		return err
	}
	lang := s.verifyLanguage()
	sc.Genuine, sc.Changed = paper.Genuine(lang, v.Issued, v.Initials, v.BirthYear, v.Doses, v.Changed), v.Changed
	if birth != "" {
		s.signin.Guessed(code, at, !wrong)
	}
	if v.Facts != nil {
		v.Options.Language = lang
		if sc.Doc, err = newPaperDoc(paper.Doses(*v.Facts, v.Options)); err != nil {
			return err
		}
		sc.Shown = true
	}
	if typed && !sc.Shown && !sc.Changed {
		return verifyPage.show(w, r, http.StatusUnprocessableEntity, sc, iis.Problem{Field: "birth", Text: sc.Words.WrongBirth.String()})
	}
	return verifyPage.show(w, r, http.StatusOK, sc)
}

func (s *Server) notVerified(w http.ResponseWriter, r *http.Request, sc verifyScreen) error {
	sc.NotShown = true
	return verifyPage.show(w, r, http.StatusNotFound, sc)
}
