package sample

import "openiis.org/iis"

// Announcements are those of the guide's home page (guide 7) and one of our own.
func Announcements() []iis.Announcement {
	return []iis.Announcement{
		{ID: "openiis-demonstration", Posted: Today, Title: "This is a demonstration",
			Body: "Every person here is invented. Do not enter a real one, and do not use anything you see for care.\n\n" +
				"Things to try: find DUCK and change a name, then find him by the old one. Add a contact and press Save " +
				"without Next. Lock a record and look for it from another clinic."},
		{ID: "release-7-22", Posted: day(2020, 7, 8), Title: "Release 7.22 is live",
			Body: "A contact typed into the form is kept by Save even if Next was not pressed. Changes that are not yet saved " +
				"are kept as a draft and are there again after the next sign in."},
		{ID: "help-desk-phone", Posted: day(2020, 3, 23), Title: "COVID-19 help desk phone suspension",
			Body: "The help desk cannot be reached by phone until further notice. Please write an e-mail; every one is answered."},
		{ID: "release-7-21", Posted: day(2020, 3, 11), Title: "Release 7.21 is live",
			Body: "The listing of client comments shows what each comment does to the recommendations."},
	}
}
