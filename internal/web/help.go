package web

import (
	"net/http"
	"slices"

	"openiis.org/iis"
)

// helpTopic is a page of help for one task of the guide, under the guide's
// title.
type helpTopic struct {
	ID, Title string
	Under     string // the topic it belongs to, "" for a main one
	page      *page[helpData]
}

// helpData is what a help page knows.
type helpData struct {
	Topic  helpTopic
	Topics []helpTopic
}

var helpTopics = topics(
	helpTopic{ID: "getting-started", Title: "Getting started"},
	helpTopic{ID: "searching", Title: "Searching", Under: "getting-started"},
	helpTopic{ID: "switch-organizations", Title: "Switch Organizations", Under: "getting-started"},
	helpTopic{ID: "personal-information", Title: `Updating the "personal information" screen`},
	helpTopic{ID: "enter-new-client", Title: "Enter new client", Under: "personal-information"},
	helpTopic{ID: "client-information", Title: "Client information"},
	helpTopic{ID: "locked-and-deceased", Title: "Locked and deceased clients", Under: "client-information"},
	helpTopic{ID: "contacts", Title: "Address(es)/Contact(s)"},
	helpTopic{ID: "editing-contacts", Title: "Editing contacts", Under: "contacts"},
	helpTopic{ID: "adding-contacts", Title: "Adding contacts", Under: "contacts"},
	helpTopic{ID: "deleting-contacts", Title: "Deleting contacts", Under: "contacts"},
	helpTopic{ID: "comments", Title: "Client comment(s)"},
	helpTopic{ID: "adding-comments", Title: "Adding a new comment", Under: "comments"},
	helpTopic{ID: "deleting-comments", Title: "Deleting comments", Under: "comments"},
	helpTopic{ID: "viewing-comments", Title: "Viewing client comments on the immunization record", Under: "comments"},
	helpTopic{ID: "possible-duplicates", Title: "Possible duplicates"},
	helpTopic{ID: "immunization-history", Title: "Viewing the immunization history"},
	helpTopic{ID: "recording-immunizations", Title: "Recording immunizations", Under: "immunization-history"},
	helpTopic{ID: "printed-records", Title: "Printing records"},
	helpTopic{ID: "verify", Title: "Verifying a printed record", Under: "printed-records"},
	helpTopic{ID: "print-confidential", Title: "Print Confidential", Under: "printed-records"},
	helpTopic{ID: "importing", Title: "Importing a file"},
	helpTopic{ID: "keyboard", Title: "Keyboard"},
)

func topics(all ...helpTopic) []helpTopic {
	for i := range all {
		all[i].page = newPage[helpData]("help/" + all[i].ID)
	}
	return all
}

var (
	helpPage          = newPage[helpData]("help/list")
	helpDeskPage      = newPage[helpDeskData]("helpdesk/helpdesk")
	accessibilityPage = newPage[HelpDesk]("help/accessibility")
	privacyPage       = newPage[HelpDesk]("help/privacy")
)

func (s *Server) listHelp(w http.ResponseWriter, r *http.Request) error {
	return helpPage.show(w, r, http.StatusOK, helpData{Topics: helpTopics})
}

func (s *Server) showHelp(w http.ResponseWriter, r *http.Request) error {
	i := slices.IndexFunc(helpTopics, func(t helpTopic) bool { return t.ID == r.PathValue("topic") })
	if i < 0 {
		return iis.Errorf(iis.NotFound, "There is no help page of this name.")
	}
	t := helpTopics[i]
	return t.page.show(w, r, http.StatusOK, helpData{t, helpTopics})
}

func (s *Server) showAccessibility(w http.ResponseWriter, r *http.Request) error {
	return accessibilityPage.show(w, r, http.StatusOK, s.set.Help)
}

func (s *Server) showPrivacy(w http.ResponseWriter, r *http.Request) error {
	return privacyPage.show(w, r, http.StatusOK, s.set.Help)
}
