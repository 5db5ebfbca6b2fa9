// Package webtest visits the pages of openiis as people do, for tests: by what
// a label, a button or a link says. Three visitors read and do the same things,
// so that a procedure of the guide is written once and followed by each:
// Browser in Chromium with script, Browser without, and Forms, which needs no
// browser and posts the forms of a page over HTTP. Only tests import it.
package webtest
