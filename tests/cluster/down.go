package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"slipway.dev/tests/cluster/internal/cluster"
	"slipway.dev/tests/cluster/internal/sandbox"
)

// endTimeout is for the kernel to end some hundred processes on a busy machine.
const endTimeout = 30 * time.Second

func downCommand() *cobra.Command {
	var work string
	command := &cobra.Command{
		Use:   "down --work DIR",
		Short: "End the cluster; only its logs stay",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			absolute, err := filepath.Abs(work)
			if err != nil {
				return fmt.Errorf("--work %s: %w", work, err)
			}
			if _, err := os.Stat(absolute); errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			options, err := readOptions(absolute)
			if errors.Is(err, fs.ErrNotExist) {
				return nil // not up, or ended by another down
			}
			if err != nil {
				return err
			}
			unlock, err := lock(options.LockFile())
			if err != nil {
				return err
			}
			defer unlock()
			return tearDown(options)
		},
	}
	workFlag(command, &work)
	return command
}

// tearDown ends the supervisor, and by that everything in its namespaces, and removes what is left outside of them.
func tearDown(options *cluster.Options) error {
	if pid := supervisorPID(options); pid != 0 {
		if err := end(pid); err != nil {
			return err
		}
	}
	// A killed run may have had another index.
	if earlier, err := readOptions(options.Work); err == nil {
		if err := sandbox.RemoveCgroup(earlier.Cgroup()); err != nil {
			return err
		}
	}
	for _, path := range options.Remains() {
		if err := os.RemoveAll(path); err != nil {
			return fmt.Errorf("remove the cluster's files: %w", err)
		}
	}
	return nil
}

func end(pid int) error {
	process, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the supervisor %d: %w", pid, err)
	}
	defer unix.Close(process)
	if err := unix.PidfdSendSignal(process, unix.SIGKILL, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("end the supervisor %d: %w", pid, err)
	}
	// The first process of a PID namespace has ended when all others have.
	deadline := time.Now().Add(endTimeout)
	for {
		left := time.Until(deadline)
		if left <= 0 {
			return fmt.Errorf("end the supervisor %d: still there after %s", pid, endTimeout)
		}
		events := []unix.PollFd{{Fd: int32(process), Events: unix.POLLIN}}
		n, err := unix.Poll(events, int(left.Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("wait for the end of the supervisor %d: %w", pid, err)
		}
		if n > 0 {
			return nil
		}
	}
}

// writePID records the supervisor with its start time, which tells it from a later process of the same number.
func writePID(options *cluster.Options, pid int) error {
	started, err := startTime(pid)
	if err != nil {
		return err
	}
	if err := os.WriteFile(options.PIDFile(), fmt.Appendf(nil, "%d %s\n", pid, started), 0o600); err != nil {
		return fmt.Errorf("record the supervisor: %w", err)
	}
	return nil
}

// supervisorPID is 0 when no supervisor is alive.
func supervisorPID(options *cluster.Options) int {
	content, err := os.ReadFile(options.PIDFile())
	if err != nil {
		return 0
	}
	recorded, recordedStart, _ := strings.Cut(strings.TrimSpace(string(content)), " ")
	pid, err := strconv.Atoi(recorded)
	if err != nil {
		return 0
	}
	if started, err := startTime(pid); err != nil || started != recordedStart {
		return 0
	}
	return pid
}

// startTime of a process, in clock ticks since boot. A process that has ended and waits to be reaped is an error.
func startTime(pid int) (string, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", fmt.Errorf("read the process %d: %w", pid, err)
	}
	// The name, in parentheses, may contain anything; the third field follows its end.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return "", fmt.Errorf("read the process %d: unexpected format of stat", pid)
	}
	if state := string(fields[0]); state == "Z" || state == "X" {
		return "", fmt.Errorf("the process %d has ended", pid)
	}
	return string(fields[19]), nil
}
