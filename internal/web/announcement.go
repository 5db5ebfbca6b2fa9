package web

import (
	"net/http"

	"openiis.org/iis"
)

// announcementsData lists the announcements; staff also see how to post one.
type announcementsData struct {
	All     []iis.Announcement
	MayPost bool
}

// announcementData is one announcement, or the form for it.
type announcementData struct {
	iis.Announcement
	MayPost bool
}

var (
	announcementsPage    = newPage[announcementsData]("announcement/list")
	announcementPage     = newPage[announcementData]("announcement/show")
	announcementFormPage = newPage[announcementData]("announcement/form")
)

func (s *Server) listAnnouncements(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	all, err := s.reg.Announcements(r.Context(), a)
	if err != nil {
		return err
	}
	return announcementsPage.show(w, r, http.StatusOK, announcementsData{all, a.May(iis.ManageAnnouncement)})
}

func (s *Server) showAnnouncement(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	n, err := s.reg.ReadAnnouncement(r.Context(), a, iis.AnnouncementID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return announcementPage.show(w, r, http.StatusOK, announcementData{n, a.May(iis.ManageAnnouncement)})
}

func (s *Server) newAnnouncement(w http.ResponseWriter, r *http.Request) error {
	return announcementFormPage.show(w, r, http.StatusOK, announcementData{})
}

func (s *Server) editAnnouncement(w http.ResponseWriter, r *http.Request) error {
	n, err := s.reg.ReadAnnouncement(r.Context(), actor(r), iis.AnnouncementID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return announcementFormPage.show(w, r, http.StatusOK, announcementData{Announcement: n})
}

// postAnnouncement writes an announcement, new under /announcements/new.
func (s *Server) postAnnouncement(w http.ResponseWriter, r *http.Request) error {
	n := iis.Announcement{ID: iis.AnnouncementID(r.PathValue("id")), Title: r.PostForm.Get("title"), Body: r.PostForm.Get("body")}
	if r.PostForm.Get("do") == "remove" && n.ID != "" {
		if err := s.reg.RemoveAnnouncement(r.Context(), actor(r), n.ID); err != nil {
			return err
		}
		return done(w, r, "/announcements", "removed")
	}
	id, err := s.reg.PostAnnouncement(r.Context(), actor(r), n)
	if err != nil {
		problems, err := refused(err)
		if err != nil {
			return err
		}
		return announcementFormPage.show(w, r, http.StatusUnprocessableEntity, announcementData{Announcement: n}, problems...)
	}
	return done(w, r, "/announcements/"+string(id), "announced")
}
