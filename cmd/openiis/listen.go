package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"openiis.org/iis/internal/mail"
	"openiis.org/iis/internal/web"
)

const (
	// drainFor is how long requests that have begun may go on after the program
	// was told to end.
	drainFor = 20 * time.Second
	// anchorEvery is how long the end of the audit trail can be without an
	// anchor.
	anchorEvery = time.Minute
	tidyEvery   = time.Hour
	garbage     = 800 // percent by which the heap may grow before it is collected
	diskWaits   = 2   // threads that may wait for the disk at once: of a commit, and of what moves the log
)

// listen takes the address, or says in words why it cannot be had.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program listens on %s already: stop it, or choose another address with --listen", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s: choose a port above 1023 with --listen", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("this machine does not have the address %s: choose another with --listen", addr)
	case err != nil:
		return nil, fmt.Errorf("%w: --listen %s: %w", errUsage, addr, err)
	}
	return l, nil
}

// address is where a browser on this machine finds the listener.
func address(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// serveOn answers requests until ctx ends, then lets those that have begun
// finish.
func serveOn(ctx context.Context, l net.Listener, srv *web.Server, t tidier, logger *slog.Logger) error {
	makeRoom()
	hs := srv.HTTPServer(l.Addr().String())
	go t.run(ctx, logger)
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("stopped listening: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
	defer cancel()
	if err := hs.Shutdown(drain); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(fmt.Errorf("requests were cut off after %s", drainFor), hs.Close())
	}
	return nil
}

// tidier is what forgets things that are over: sessions, old searches, drafts
// that nobody came back to.
type tidier []func(context.Context) error

// run tidies now and then until ctx ends.
func (t tidier) run(ctx context.Context, logger *slog.Logger) {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			for _, forget := range t {
				if err := forget(ctx); err != nil && ctx.Err() == nil {
					logger.Error("tidy up", "error", err)
				}
			}
		}
	}
}

// local reports whether only this machine reaches an address; one that cannot be
// read is for listen to refuse.
func local(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return true
	}
	return mail.Local(host)
}

// makeRoom readies the program for much to be saved, as far as the environment does not
// say otherwise.
func makeRoom() {
	if os.Getenv("GOGC") == "" {
		// Collecting garbage takes a processor from whoever is saving: do it less
		// often than usual, for some memory.
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMAXPROCS") == "" {
		// A thread that waits for the disk keeps its place among those that run, for
		// up to 10 ms: others would wait though a processor is idle.
		runtime.GOMAXPROCS(runtime.NumCPU() + diskWaits)
	}
}
