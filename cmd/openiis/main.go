// Command openiis runs an immunization registry: "openiis demo" with invented
// people, "openiis serve" for real use. "openiis help" lists what else it does.
//
// It alone knows every package: each command reads its flags, puts the parts
// together and calls one of them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"openiis.org/iis"
)

// Codes the program ends with.
const (
	exitOK     = 0
	exitFailed = 1 // it did not work, or a check found a fault
	exitUsage  = 2 // it was not asked in a way it understands
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// commands is what the program can be asked.
type commands struct {
	Demo        demo        `cmd:"" help:"Start a demonstration with invented people."`
	Serve       serve       `cmd:"" help:"Serve a registry."`
	Migrate     migrate     `cmd:"" help:"Set up or update the tables of a database."`
	User        users       `cmd:"" help:"Make accounts."`
	Import      imports     `cmd:"" help:"Take in files."`
	Generate    generate    `cmd:"" help:"Write a file of invented people, for tests and benchmarks."`
	Forecast    forecasts   `cmd:"" help:"Evaluate and forecast immunization histories."`
	Schedule    schedules   `cmd:"" help:"Load and choose the rules that forecasts follow."`
	Match       matching    `cmd:"" help:"Tell whether records are of one person."`
	VerifyAudit verifyAudit `cmd:"" help:"Prove that the audit trail is whole."`
	Version     version     `cmd:"" help:"Print the version."`
	Help        help        `cmd:"" help:"Explain a command."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

const about = `An immunization registry in one program.

    openiis demo                               try it with invented people
    openiis serve --database file:registry.db  run it
    openiis help serve                         explain a command, with examples

Where the help of a flag names an environment variable, that sets it as well.`

// run does what args ask and returns the exit code.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	code := -1
	var cmd commands
	parser, err := kong.New(&cmd,
		kong.Name("openiis"), kong.Description(about),
		kong.Writers(out, errs), kong.Exit(func(c int) { code = c }),
		kong.DefaultEnvars("OPENIIS"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(streams{in, out, errs}),
	)
	if err != nil {
		panic(err) // a fault in the tags of a command
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if code >= 0 { // help was asked for and given
		return code
	}
	if err != nil {
		fmt.Fprintf(errs, "openiis: %v\nTry \"openiis help\".\n", err)
		return exitUsage
	}
	err = k.Run(parser)
	if err == nil {
		return exitOK
	}
	if !errors.Is(err, errTold) {
		fmt.Fprintf(errs, "openiis: %s\n", words(err))
	}
	if errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitFailed
}

var (
	// errTold is an error of which everything has been said.
	errTold = errors.New("told")
	// errUsage is part of an error that comes from how the program was asked.
	errUsage = errors.New("usage")
)

// words says an error to the person at the keyboard.
func words(err error) string {
	if errors.Is(err, context.Canceled) {
		return "stopped before it was done"
	}
	if e, ok := errors.AsType[*iis.Error](err); ok && e.Kind != iis.Internal {
		s := e.Text
		for _, p := range e.Problems {
			if s != "" {
				s += " "
			}
			s += p.Text
		}
		if s != "" {
			return s
		}
	}
	return err.Error()
}
