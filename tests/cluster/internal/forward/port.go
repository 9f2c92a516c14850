// Package forward relays TCP connections and breaks them on purpose.
package forward

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Mode is what a port does to its connections.
type Mode string

// The modes of a port.
const (
	OK     Mode = "ok"     // relay
	Refuse Mode = "refuse" // do not listen, and reset what is open: as if the server were gone
	Cut    Mode = "cut"    // accept, then reset
	Hang   Mode = "hang"   // accept, then silence; the held bytes flow again afterwards
	Delay  Mode = "delay"  // relay, every byte later by a fixed time in each direction
)

// State is a mode with its delay.
type State struct {
	Mode  Mode
	Delay time.Duration
}

// ParseState reads "ok", "refuse", "cut", "hang" or "delay=MS".
func ParseState(text string) (State, error) {
	if ms, found := strings.CutPrefix(text, string(Delay)+"="); found {
		n, err := strconv.Atoi(ms)
		if err != nil || n < 0 {
			return State{}, fmt.Errorf("delay %q is not a number of milliseconds", ms)
		}
		return State{Delay, time.Duration(n) * time.Millisecond}, nil
	}
	switch mode := Mode(text); mode {
	case OK, Refuse, Cut, Hang:
		return State{Mode: mode}, nil
	default:
		return State{}, fmt.Errorf("%q is not a state of a port: want ok, refuse, cut, hang or delay=MS", text)
	}
}

func (s State) String() string {
	if s.Mode == Delay {
		return fmt.Sprintf("%s=%d", Delay, s.Delay.Milliseconds())
	}
	return string(s.Mode)
}

// Port listens, dials its target for each connection and relays between both.
type Port struct {
	listen func() (net.Listener, error)
	dial   func() (net.Conn, error)

	mu       sync.Mutex
	state    State
	changed  chan struct{} // closed at the next change of state
	listener net.Listener
	open     map[net.Conn]struct{}
}

// Open starts a port. listen is called again when the port listens after a refusal.
func Open(listen func() (net.Listener, error), dial func() (net.Conn, error)) (*Port, error) {
	p := &Port{listen: listen, dial: dial, state: State{Mode: OK}, changed: make(chan struct{}), open: map[net.Conn]struct{}{}}
	if err := p.start(); err != nil {
		return nil, err
	}
	return p, nil
}

// Addr is where the port listens. It is nil while the port refuses.
func (p *Port) Addr() net.Addr {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener == nil {
		return nil
	}
	return p.listener.Addr()
}

// State tells what the port does at present.
func (p *Port) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state
}

// Set changes what the port does, to open connections as well.
func (p *Port) Set(s State) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.Mode != Refuse && p.listener == nil {
		if err := p.start(); err != nil {
			return err
		}
	}
	if s.Mode == Refuse && p.listener != nil {
		_ = p.listener.Close()
		p.listener = nil
	}
	if s.Mode == Refuse || s.Mode == Cut {
		for conn := range p.open {
			reset(conn)
		}
	}
	p.state = s
	close(p.changed)
	p.changed = make(chan struct{})
	return nil
}

func (p *Port) start() error {
	listener, err := p.listen()
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	p.listener = listener
	go p.accept(listener)
	return nil
}

func (p *Port) accept(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			go p.relay(client)
		}
	}
}

func (p *Port) relay(client net.Conn) {
	if !p.track(client) {
		reset(client)
		return
	}
	defer p.untrack(client)
	p.passable()
	server, err := p.dial()
	if err != nil {
		reset(client)
		return
	}
	if !p.track(server) {
		reset(client)
		reset(server)
		return
	}
	defer p.untrack(server)
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client) })
	both.Go(func() { p.copy(client, server) })
	both.Wait()
}

// passable waits until the port does not hang.
func (p *Port) passable() {
	for {
		p.mu.Lock()
		state, changed := p.state, p.changed
		p.mu.Unlock()
		if state.Mode != Hang {
			return
		}
		<-changed
	}
}

// chunk is what was read at once, and when it may be written.
type chunk struct {
	bytes []byte
	due   time.Time
}

// copy relays one direction. Reading goes on while earlier chunks wait for their time, so a delay does not limit the rate.
func (p *Port) copy(to, from net.Conn) {
	chunks := make(chan chunk, 256)
	go func() {
		defer close(chunks)
		for {
			buffer := make([]byte, 32<<10)
			n, err := from.Read(buffer)
			if n > 0 {
				p.mu.Lock()
				delay := p.state.Delay
				p.mu.Unlock()
				chunks <- chunk{buffer[:n], time.Now().Add(delay)}
			}
			if err != nil {
				if !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
					reset(to)
				}
				return
			}
		}
	}()
	for c := range chunks {
		time.Sleep(time.Until(c.due))
		p.passable()
		if _, err := to.Write(c.bytes); err != nil {
			reset(from)
			for range chunks { // let the reader end
			}
			return
		}
	}
	p.passable()
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// track remembers an open connection. It fails when connections are to be reset.
func (p *Port) track(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.Mode == Cut || p.state.Mode == Refuse {
		return false
	}
	p.open[conn] = struct{}{}
	return true
}

func (p *Port) untrack(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, conn)
	_ = conn.Close()
}

// reset closes a connection with RST instead of FIN where the transport can.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
