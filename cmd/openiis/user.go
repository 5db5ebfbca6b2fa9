package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"openiis.org/iis"
	"openiis.org/iis/internal/registry"
	"openiis.org/iis/internal/signin"
	"openiis.org/iis/internal/store"
)

// users groups the commands about accounts.
type users struct {
	Add userAdd `cmd:"" help:"Make an account."`
}

// userAdd is the command that makes an account, and its organization if asked.
type userAdd struct {
	UserName string `arg:"" name:"user-name" help:"What the person types at sign in."`
	database
	Name         string `env:"-" placeholder:"NAME" help:"The person's name. Without it: the user name."`
	Email        string `env:"-" placeholder:"ADDRESS" help:"The person's e-mail address."`
	Role         string `env:"-" default:"Help Desk" help:"Reports Only, Typical User, Organization Administrator or Help Desk."`
	Organization string `env:"-" default:"Registry Help Desk" placeholder:"NAME" help:"Name or ID of the organization (${default})."`
	Type         string `env:"-" placeholder:"TYPE" help:"Make the organization, of this type, if there is none of the name: Clinic, School, Registry, …"`
	City         string `env:"-" placeholder:"NAME" help:"Where the organization that is made is."`
	PasswordFrom string `env:"-" enum:"link,prompt,stdin" default:"link" help:"Where the password comes from: link prints a one-time link by which the person chooses it, prompt asks for it here, stdin reads one line."`
	URL          string `env:"-" name:"url" default:"http://127.0.0.1:8080" placeholder:"URL" help:"Where people reach the program, for the link."`
}

func (userAdd) Help() string {
	return `Makes an account. The first one, of the help desk, can make all others in the browser.

Examples:

  openiis user add desk --type Registry
  openiis user add clerk --name "R. Nurse" --role "Typical User" --organization "Test Clinic" --type Clinic --city "Saint Paul"
  pass show openiis/admin | openiis user add admin --role "Organization Administrator" --organization "Test Clinic" --password-from stdin`
}

// Run makes the account.
func (u userAdd) Run(ctx context.Context, st streams) (err error) {
	if !slices.Contains(iis.Roles, iis.Role(u.Role)) {
		return fmt.Errorf("%w: --role is one of %s", errUsage, list(iis.Roles))
	}
	if u.Type != "" && !slices.Contains(iis.OrgTypes, iis.OrgType(u.Type)) {
		return fmt.Errorf("%w: --type is one of %s", errUsage, list(iis.OrgTypes))
	}
	password, err := u.password(st)
	if err != nil {
		return err
	}
	db, err := u.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	reg := registry.New(db, registry.Options{})
	org, err := u.organization(ctx, db, st.out)
	if err != nil {
		return err
	}
	token, hash := signin.NewInvite()
	name := u.Name
	if name == "" {
		name = u.UserName
	}
	_, err = reg.InviteUser(ctx, operator(), registry.Invitation{
		UserName: u.UserName, Name: name, Email: u.Email, Role: iis.Role(u.Role), Organization: org.ID,
	}, hash, signin.Invite)
	if err != nil {
		return err
	}
	if u.PasswordFrom == "link" {
		fmt.Fprintf(st.out, "%s can choose a password within three days at\n%s/invite/%s\n",
			u.UserName, strings.TrimSuffix(u.URL, "/"), token)
		return nil
	}
	// The password is chosen the way the link would have it, so that the same
	// rules hold; the session that this begins is ended.
	in := signin.New(db, nil)
	session, err := in.Accept(ctx, token, password, password)
	if err != nil {
		return fmt.Errorf("the account is made, without a password: %w", err)
	}
	v, err := in.Who(ctx, session, true)
	if err == nil {
		err = in.Leave(ctx, v.Actor, session)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(st.out, "%s can sign in as %s for %s.\n", u.UserName, u.Role, org.Name)
	return nil
}

// organization finds the organization by ID or name, or makes it.
func (u userAdd) organization(ctx context.Context, db *store.DB, out io.Writer) (org iis.Organization, err error) {
	var made bool
	err = db.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Organizations(ctx)
		if err != nil {
			return err
		}
		named := slices.DeleteFunc(all, func(o iis.Organization) bool {
			return string(o.ID) != u.Organization && !strings.EqualFold(o.Name, u.Organization)
		})
		switch {
		case len(named) == 1:
			org, made = named[0], false
			return nil
		case len(named) > 1:
			return fmt.Errorf("more than one organization is called %q: give its ID", u.Organization)
		case u.Type == "":
			return fmt.Errorf("there is no organization %q: give its type with --type to make it", u.Organization)
		}
		made = true
		org = iis.Organization{ID: iis.OrganizationID(iis.NewID()), Name: u.Organization, Type: iis.OrgType(u.Type), City: u.City, Active: true}
		if err := tx.PutOrganization(ctx, org); err != nil {
			return err
		}
		a := operator()
		return tx.Record(ctx, iis.Event{Action: iis.ActionOrganization, UserName: a.UserName, Role: a.Role,
			Detail: iis.Detail{Subject: string(org.ID), Note: "made", Changes: []iis.Change{{Field: "name", New: org.Name}, {Field: "type", New: string(org.Type)}}}})
	})
	if err == nil && made {
		fmt.Fprintf(out, "The organization %s (%s) is made.\n", org.Name, org.Type)
	}
	return org, err
}

// password asks for the password or reads it; "" for a link.
func (u userAdd) password(st streams) (string, error) {
	switch u.PasswordFrom {
	case "prompt":
		fmt.Fprintf(st.err, "Password for %s: ", u.UserName)
		defer fmt.Fprintln(st.err)
		defer hide(st.in)()
	case "link":
		return "", nil
	}
	line, err := bufio.NewReader(st.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("no password was given")
	}
	return line, nil
}

// hide keeps a terminal from showing what is typed, and returns how to show it
// again. Where stty is not to be had the password is shown.
func hide(in io.Reader) func() {
	f, ok := in.(*os.File)
	if !ok {
		return func() {}
	}
	stty := func(arg string) {
		c := exec.Command("stty", arg)
		c.Stdin = f
		_ = c.Run() // not a terminal, or no stty
	}
	stty("-echo")
	return func() { stty("echo") }
}

func list[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
