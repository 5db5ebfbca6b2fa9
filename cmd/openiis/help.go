package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// help is the command that explains another.
type help struct {
	Command []string `arg:"" optional:"" help:"The command, such as serve or user add."`
}

// Run prints what the command does, its flags and examples.
func (h help) Run(parser *kong.Kong) error {
	k, err := kong.Trace(parser, h.Command)
	if err != nil {
		return err
	}
	if k.Error != nil {
		return fmt.Errorf("%w: %w", errUsage, k.Error)
	}
	return k.PrintUsage(false)
}
