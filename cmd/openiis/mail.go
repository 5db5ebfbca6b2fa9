package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"

	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/registry"
)

// mailPassword is the environment variable with the password of the mail server. It
// is no flag: others see those.
const mailPassword = "OPENIIS_MAIL_PASSWORD"

// mailSettings say which mail server sends what the program has to tell its users.
type mailSettings struct {
	MailServer       string `placeholder:"HOST:PORT" group:"E-mail:" help:"Mail server by which users are told that work on their files has ended, such as mail.example.org:587. TLS comes first on port 465, by STARTTLS on others, and is asked for unless the server is on this machine. Without a server no e-mail is sent."`
	MailFrom         string `placeholder:"ADDRESS" group:"E-mail:" help:"Address that e-mail is from."`
	MailUser         string `placeholder:"NAME" group:"E-mail:" help:"User of the mail server. His password is in OPENIIS_MAIL_PASSWORD or in a file."`
	MailPasswordFile string `placeholder:"FILE" group:"E-mail:" help:"File with that password, on its first line."`
}

// post is how e-mail leaves the program; without a mail server it cannot be sent.
func (s mailSettings) post(site, home string) (p registry.Post, err error) {
	if s.MailServer == "" {
		if set := cmp.Or(s.MailFrom, s.MailUser, s.MailPasswordFile); set != "" {
			return p, fmt.Errorf("%w: without --mail-server no other setting of e-mail is looked at", errUsage)
		}
		return p, nil
	}
	server := mail.Server{Addr: s.MailServer, From: s.MailFrom, Name: site, User: s.MailUser}
	if s.MailUser == "" && s.MailPasswordFile != "" {
		return p, fmt.Errorf("%w: --mail-password-file is for the user that --mail-user names", errUsage)
	}
	if s.MailUser != "" {
		if server.Password, err = s.password(); err != nil {
			return p, err
		}
	}
	if err := server.Check(); err != nil {
		return p, fmt.Errorf("%w: %w: see --mail-server, --mail-from, --mail-user and --mail-password-file", errUsage, err)
	}
	return registry.Post{Site: site, Home: home, Send: server.Send}, nil
}

// password is that of the user of the mail server.
func (s mailSettings) password() (string, error) {
	if s.MailPasswordFile == "" {
		return os.Getenv(mailPassword), nil
	}
	text, err := os.ReadFile(s.MailPasswordFile)
	if err != nil {
		return "", fmt.Errorf("%w: --mail-password-file: %w", errUsage, err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

// mailOn sends e-mail behind the pages until ctx ends, if there is a mail server; work
// is told when it has stopped.
func mailOn(ctx context.Context, work *sync.WaitGroup, reg *registry.Registry, post registry.Post, logger *slog.Logger) {
	if post.Send == nil {
		return
	}
	work.Go(func() { reg.RunMail(ctx, post, func(err error) { logger.Error("send e-mail", "error", err) }) })
}
