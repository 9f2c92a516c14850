//go:build linux

// Package supervise runs the parts of a cluster as children of the first process of their namespace.
package supervise

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Command is how a part is started.
type Command struct {
	Name    string   // of the part; also the name of its log
	Program string   // path of the executable
	Args    []string // without the program's own name, which is Name
	Env     []string
}

// Status of a part.
type Status string

// What a part can be.
const (
	Running Status = "running"
	Paused  Status = "paused"
	Stopped Status = "stopped" // on demand; an ended part is started again by itself
)

// Part is one supervised program.
type Part struct {
	Name     string `json:"name"`
	Status   Status `json:"status"`
	PID      int    `json:"pid"`      // inside the cluster's PID namespace; 0 when not running
	Restarts int    `json:"restarts"` // ends that nobody asked for, and kills
}

// restartPause keeps a part that cannot start from using up the machine.
const restartPause = 300 * time.Millisecond

// Processes are all parts that were started.
type Processes struct {
	logs string

	mu    sync.Mutex
	parts []*process
}

type process struct {
	Part
	command Command
	log     *os.File
	started time.Time
}

// New supervises. It must be called by the first process of a PID namespace, which inherits the orphans. Logs go to the folder logs.
func New(logs string) *Processes {
	p := &Processes{logs: logs}
	children := make(chan os.Signal, 1)
	signal.Notify(children, unix.SIGCHLD)
	go func() {
		for range children {
			p.reap()
		}
	}()
	return p
}

// Start starts a part for the first time.
func (p *Processes) Start(command Command) error {
	log, err := os.OpenFile(filepath.Join(p.logs, command.Name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("open the log of %s: %w", command.Name, err)
	}
	part := &process{Part: Part{Name: command.Name}, command: command, log: log}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := part.run(); err != nil {
		_ = log.Close()
		return err
	}
	p.parts = append(p.parts, part)
	return nil
}

// Parts lists all parts in the order of their start.
func (p *Processes) Parts() []Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	parts := make([]Part, 0, len(p.parts))
	for _, part := range p.parts {
		parts = append(parts, part.Part)
	}
	return parts
}

// The faults of a part.
const (
	Kill   = "kill"   // end it now; it is started again, as after a crash
	Stop   = "stop"   // end it now and leave it ended
	Pause  = "pause"  // freeze it
	Resume = "resume" // go on after a pause
	Start  = "start"  // start it after a stop
)

// Fault does one of the faults to a part.
// Parts are always ended by SIGKILL: an API server with open watches takes a minute to end politely.
func (p *Processes) Fault(verb, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.parts, func(part *process) bool { return part.Name == name })
	if i < 0 {
		return fmt.Errorf("%s %s: no such part", verb, name)
	}
	part := p.parts[i]
	switch {
	case verb == Start && part.Status == Stopped:
		return part.run()
	case verb == Resume && part.Status == Paused:
		part.Status = Running
		return part.signal(unix.SIGCONT)
	case verb == Pause && part.Status == Running:
		part.Status = Paused
		return part.signal(unix.SIGSTOP)
	case verb == Stop && part.Status != Stopped:
		part.Status = Stopped
		return part.signal(unix.SIGKILL)
	case verb == Kill && part.Status != Stopped:
		part.Status = Running
		return part.signal(unix.SIGKILL)
	case slices.Contains([]string{Start, Resume, Pause, Stop, Kill}, verb):
		return fmt.Errorf("%s %s: it is %s", verb, name, part.Status)
	default:
		return fmt.Errorf("%s %s: no such fault: want kill, stop, pause, resume or start", verb, name)
	}
}

func (p *process) run() error {
	child, err := os.StartProcess(p.command.Program, append([]string{p.Name}, p.command.Args...), &os.ProcAttr{
		Env:   p.command.Env,
		Files: []*os.File{nil, p.log, p.log},
		Sys:   &syscall.SysProcAttr{Setpgid: true},
	})
	if err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	p.PID, p.Status, p.started = child.Pid, Running, time.Now()
	return child.Release() // reap waits for every child, ours or inherited
}

func (p *process) signal(s unix.Signal) error {
	if p.PID == 0 {
		return nil // ended, and about to be started again
	}
	if err := unix.Kill(p.PID, s); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("send %s to %s: %w", s, p.Name, err)
	}
	return nil
}

func (p *Processes) reap() {
	p.mu.Lock() // a part is listed before its end is seen
	defer p.mu.Unlock()
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if i := slices.IndexFunc(p.parts, func(part *process) bool { return part.PID == pid }); i >= 0 {
			p.ended(p.parts[i], status)
		}
	}
}

func (p *Processes) ended(part *process, status unix.WaitStatus) {
	part.PID = 0
	if part.Status == Stopped {
		return
	}
	part.Restarts++
	fmt.Fprintf(os.Stderr, "%s ended after %s (exit code %d, signal %d), starting it again\n", part.Name, time.Since(part.started).Round(time.Millisecond), status.ExitStatus(), status.Signal())
	time.AfterFunc(restartPause, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if part.PID != 0 || part.Status == Stopped {
			return
		}
		if err := part.run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
}
