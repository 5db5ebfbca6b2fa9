// Package pdf writes documents that are read by eye and by ear: paged on letter
// paper, and tagged, so that a screen reader finds headings, tables with their
// headers, lists, pictures with words and the language of each piece.
//
// A caller describes what the document says, as a [Document]; the package
// decides where it stands. It holds no words of its own but "Page 1 of 2", reads
// no clock and no file, and writes the same bytes for the same document.
//
// From model to file:
//
//	text.go     what was typed, made of characters that the fonts hold
//	line.go     text, broken into lines of a width
//	layout.go   blocks, as rows of lines; element.go: as a tree of elements
//	place.go    rows, placed on pages
//	draw.go     pages, drawn by fpdf, each piece marked with its element
//	file.go     fpdf's file, rewritten with the tree of elements in it
//
// Text that the fonts cannot show is never left out: see [ScriptError].
package pdf
