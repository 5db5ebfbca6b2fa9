// Package mail hands messages to a mail server by SMTP. It knows nothing of users
// or clients: package registry decides what is told to whom and tries again what
// could not be sent, and the command line says which server. It never logs.
package mail
