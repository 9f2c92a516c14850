package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"slipway.dev/tests/cluster/internal/cluster"
	"slipway.dev/tests/cluster/internal/control"
	"slipway.dev/tests/cluster/internal/sandbox"
)

func upCommand() *cobra.Command {
	var options cluster.Options
	var noNode, asJSON bool
	var tokenUsers []string
	command := &cobra.Command{
		Use:   "up --work DIR",
		Short: "Start the cluster, or find it already up",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			options.Node = !noNode
			options.TokenUsers = cluster.DefaultTokenUsers()
			for _, text := range tokenUsers {
				name, groups, _ := strings.Cut(text, "=")
				options.TokenUsers = append(options.TokenUsers, cluster.TokenUser{Name: name, Groups: strings.FieldsFunc(groups, func(r rune) bool { return r == ',' })})
			}
			state, err := up(command.Context(), &options)
			if err != nil {
				return err
			}
			return state.print(asJSON)
		},
	}
	workFlag(command, &options.Work)
	command.Flags().IntVar(&options.Index, "index", 1, "number of the cluster on this machine, 1 to 254: it is reachable at 127.10.INDEX.1")
	command.Flags().BoolVar(&noNode, "no-node", false, "control plane only: no kubelet, no pods, no metrics")
	command.Flags().BoolVar(&options.Kwok, "kwok", false, "play fake nodes (annotation "+cluster.FakeNode+") and their pods")
	command.Flags().BoolVar(&options.OIDC, "oidc", false, "run an OIDC issuer and let the API server trust it")
	command.Flags().BoolVar(&options.KubeletDefaults, "kubelet-defaults", false, "leave the kubelet's restart back-off and sync period as they are by default")
	command.Flags().StringArrayVar(&tokenUsers, "token-user", nil, "NAME or NAME=GROUP,GROUP: a further user with a static token (repeatable)")
	command.Flags().BoolVar(&asJSON, "json", false, "print the state as JSON")
	return command
}

func workFlag(command *cobra.Command, work *string) {
	command.Flags().StringVar(work, "work", "", "work folder of the cluster")
	if err := command.MarkFlagRequired("work"); err != nil {
		panic("the flag has just been defined: " + err.Error())
	}
}

func up(ctx context.Context, options *cluster.Options) (*state, error) {
	if err := validate(options); err != nil {
		return nil, usageError{err}
	}
	if err := os.MkdirAll(options.Work, 0o755); err != nil {
		return nil, fmt.Errorf("make the work folder: %w", err)
	}
	unlock, err := lock(options.LockFile())
	if err != nil {
		return nil, err
	}
	defer unlock()
	if supervisorPID(options) != 0 {
		return join(ctx, options)
	}
	if err := sandbox.Require(options.Node); err != nil {
		return nil, unableError{err}
	}
	// An earlier run may have been killed.
	if err := tearDown(options); err != nil {
		return nil, err
	}
	state, err := start(ctx, options)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(options.Logs(), "supervisor.log")) // without a log, the error has to do
		return nil, errors.Join(fmt.Errorf("start the cluster: %w\n%s", err, bytes.TrimSpace(log)), tearDown(options))
	}
	return state, nil
}

func validate(options *cluster.Options) error {
	if options.Index < 1 || options.Index > 254 {
		return fmt.Errorf("--index %d: want a number from 1 to 254", options.Index)
	}
	work, err := filepath.Abs(options.Work)
	if err != nil {
		return fmt.Errorf("--work %s: %w", options.Work, err)
	}
	options.Work = work
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	for _, path := range []string{work, self} {
		if sandbox.Hides(path) {
			return fmt.Errorf("%s: /run, /var/lib and /var/log are hidden from the cluster: keep work folder and program elsewhere", path)
		}
	}
	return nil
}

// lock keeps a second command from starting or ending the same cluster at the same time.
func lock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the work folder: %w", err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("lock the work folder: %w", err)
	}
	return func() { _ = file.Close() }, nil
}

// join waits for the cluster that is up already, if it is the one that is asked for.
func join(ctx context.Context, wanted *cluster.Options) (*state, error) {
	running, err := readOptions(wanted.Work)
	if err != nil {
		return nil, err
	}
	if !running.Same(wanted) {
		return nil, fmt.Errorf("the cluster in %s is up with other options (%s): end it first with down", wanted.Work, running.Describe())
	}
	if err := control.Dial(running.ControlSocket()).WaitReady(ctx); err != nil {
		return nil, fmt.Errorf("wait for the cluster in %s: %w", wanted.Work, err)
	}
	return readState(ctx, running)
}

func start(ctx context.Context, options *cluster.Options) (*state, error) {
	for _, folder := range options.Folders() {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, fmt.Errorf("make the work folder: %w", err)
		}
	}
	if err := options.WriteCredentials(); err != nil {
		return nil, err
	}
	if err := writeJSON(options.OptionsFile(), options); err != nil {
		return nil, err
	}
	if err := spawn(options); err != nil {
		return nil, err
	}
	if err := control.Dial(options.ControlSocket()).WaitReady(ctx); err != nil {
		if supervisorPID(options) == 0 {
			return nil, errors.New("the supervisor ended, and its log says:")
		}
		return nil, err
	}
	state, err := readState(ctx, options)
	if err != nil {
		return nil, err
	}
	return state, writeJSON(options.StateFile(), state)
}

// The descriptors that the supervisor gets besides the standard ones.
const (
	hostNetworkFD = 3
	controlFD     = 4
)

// spawn starts the supervisor as the first process of its own namespaces, detached from this one.
func spawn(options *cluster.Options) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	log, err := os.Create(filepath.Join(options.Logs(), "supervisor.log"))
	if err != nil {
		return fmt.Errorf("make the supervisor's log: %w", err)
	}
	defer log.Close()
	network, err := sandbox.OwnNetwork()
	if err != nil {
		return err
	}
	defer network.Close()
	listener, err := control.Listen(options.ControlSocket())
	if err != nil {
		return err
	}
	socket := listener.(*net.UnixListener)
	socket.SetUnlinkOnClose(false) // the supervisor goes on listening
	defer socket.Close()
	socketFile, err := socket.File()
	if err != nil {
		return fmt.Errorf("hand over the control socket: %w", err)
	}
	defer socketFile.Close()

	supervisor := exec.Command(self, "supervise", "--work", options.Work)
	supervisor.Dir = "/"
	supervisor.Env = cluster.Environment()
	supervisor.Stdout, supervisor.Stderr = log, log
	supervisor.ExtraFiles = []*os.File{network, socketFile}
	supervisor.SysProcAttr = &syscall.SysProcAttr{
		Setsid:     true,
		Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC,
	}
	if err := supervisor.Start(); err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	if err := writePID(options, supervisor.Process.Pid); err != nil {
		return errors.Join(err, supervisor.Process.Kill())
	}
	return nil
}

func writeJSON(path string, value any) error {
	content, err := json.MarshalIndent(value, "", "  ")
	if err == nil {
		err = os.WriteFile(path, append(content, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func superviseCommand() *cobra.Command {
	var work string
	command := &cobra.Command{
		Use:    "supervise --work DIR",
		Short:  "The first process of the cluster (started by up)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if os.Getpid() != 1 {
				return usageError{errors.New("supervise is started by up, as the first process of its namespaces")}
			}
			options, err := readOptions(work)
			if err != nil {
				return err
			}
			self, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			socket, err := net.FileListener(os.NewFile(controlFD, "control socket"))
			if err != nil {
				return fmt.Errorf("take over the control socket: %w", err)
			}
			running, err := cluster.Boot(options, self, sandbox.InheritedNetwork(hostNetworkFD))
			if err != nil {
				return err
			}
			return control.Serve(socket, running)
		},
	}
	workFlag(command, &work)
	return command
}
