// Command slipway-cluster is a real one-node Kubernetes in one binary, for tests.
//
//	slipway-cluster up --work DIR [--index N]     start (or find) the cluster; prints DIR/state.json with --json
//	slipway-cluster down --work DIR               end it and everything it made
//	slipway-cluster status|fault|user|check …     see --help
//	slipway-cluster kubectl …                     and every other part: etcd, kube-apiserver, kubelet, …
//
// # Building
//
// The demo application is built first, to where package demo embeds it (git-ignored), then the binary. Both in this folder, with CGO_ENABLED=0:
//
//	go build -trimpath -buildvcs=false -ldflags "-s -w" -o demo/demo ./demo/server
//	go build -trimpath -buildvcs=false -ldflags "-s -w LINKED" -o CACHE/slipway-cluster .
//
// LINKED is, for P each of k8s.io/component-base/version and k8s.io/client-go/pkg/version:
//
//	-X P.gitVersion=v1.36.3 -X P.gitMajor=1 -X P.gitMinor=36 -X P.gitTreeState=clean
//
// CACHE is ${SLIPWAY_CACHE:-${XDG_CACHE_HOME:-~/.cache}/slipway}/cluster/KEY. KEY is the lower-case hex SHA-256 over the files go.mod, go.sum and
// all *.go of this folder and below, tests (*_test.go) left out, in ascending byte order of their paths relative to this folder, with slashes:
// each adds its path, a line feed, the length of its content in bytes in decimal, a line feed, and its content. `slipway-cluster key [FOLDER]`
// prints it. The output is the same byte for byte on every machine, so a binary that exists under its key is never built again.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 this machine cannot run the cluster (the message says what it lacks).
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"slipway.dev/tests/cluster/internal/parts"
)

const (
	exitFailed = 1
	exitUsage  = 2
	exitUnable = 3
)

func main() {
	if name := filepath.Base(os.Args[0]); parts.Known(name) {
		os.Exit(parts.Run(name))
	}
	if len(os.Args) > 1 && parts.Known(os.Args[1]) {
		os.Args = os.Args[1:]
		os.Exit(parts.Run(os.Args[0]))
	}
	root := &cobra.Command{
		Use:           "slipway-cluster",
		Short:         "A real one-node Kubernetes in one binary, for tests",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(upCommand(), downCommand(), statusCommand(), faultCommand(), userCommand(), checkCommand(), keyCommand(), superviseCommand())
	// An error before a command has begun is one of the command line.
	begun := false
	for _, command := range root.Commands() {
		run := command.RunE
		command.RunE = func(command *cobra.Command, args []string) error {
			begun = true
			return run(command, args)
		}
	}
	if err := root.Execute(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitCode(err, begun))
	}
}

// unableError is the end of a command on a machine that cannot run the cluster.
type unableError struct{ error }

func (e unableError) Unwrap() error { return e.error }

// usageError is the end of a command that was called wrongly.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func exitCode(err error, begun bool) int {
	var unable unableError
	var usage usageError
	switch {
	case errors.As(err, &unable):
		return exitUnable
	case errors.As(err, &usage), !begun:
		return exitUsage
	default:
		return exitFailed
	}
}
