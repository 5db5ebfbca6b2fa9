// Package iis is the vocabulary of an immunization information system: what a
// client, a contact, a comment, an organization and an actor are, and the rules
// that concern one record alone. It never reads a clock, a file or a database;
// every other package of openiis is written in its words.
//
// The rules come from the guide "Managing Clients in MIIC"; a comment such as
// "guide 24" names the numbered point listed in docs/guide-coverage.md.
package iis
