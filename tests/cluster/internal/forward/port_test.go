package forward

import (
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

const patience = 5 * time.Second

// echo is a server that answers what it is told.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

func open(t *testing.T) (*Port, string) {
	t.Helper()
	target := echo(t)
	address := "127.0.0.1:0"
	port, err := Open(
		func() (net.Listener, error) { return net.Listen("tcp4", address) },
		func() (net.Conn, error) { return net.Dial("tcp4", target) },
	)
	if err != nil {
		t.Fatal(err)
	}
	address = port.Addr().String() // a port that listens again does so where it did before
	t.Cleanup(func() { _ = port.Set(State{Mode: Refuse}) })
	return port, address
}

func dialPort(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp4", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func say(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	heard := make([]byte, len(text))
	if _, err := io.ReadFull(conn, heard); err != nil || string(heard) != text {
		t.Fatalf("heard %q (%v), want %q", heard, err, text)
	}
}

func set(t *testing.T, port *Port, text string) {
	t.Helper()
	state, err := ParseState(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := port.Set(state); err != nil {
		t.Fatal(err)
	}
	if got := port.State().String(); got != text {
		t.Fatalf("the port is %q, want %q", got, text)
	}
}

func TestRelayAndHalfClose(t *testing.T) {
	_, address := open(t)
	conn := dialPort(t, address)
	say(t, conn, "hello")
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || string(answer) != "hello" {
		t.Fatalf("got %q, %v", answer, err)
	}
}

func TestRefuseResetsOpenConnectionsAndListensAgain(t *testing.T) {
	port, address := open(t)
	conn := dialPort(t, address)
	say(t, conn, "a")
	hear(t, conn, "a")
	set(t, port, "refuse")
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("an open connection ended with %v, want a reset", err)
	}
	if _, err := net.Dial("tcp4", address); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a new connection: %v, want refused", err)
	}
	set(t, port, "ok")
	again := dialPort(t, address)
	say(t, again, "b")
	hear(t, again, "b")
}

func TestCutAcceptsAndResets(t *testing.T) {
	port, address := open(t)
	set(t, port, "cut")
	conn, err := net.Dial("tcp4", address) // the reset may come before the dial has returned
	if err == nil {
		_ = conn.SetDeadline(time.Now().Add(patience))
		_, err = conn.Read(make([]byte, 1))
		_ = conn.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection ended with %v, want a reset", err)
	}
}

func TestHangHoldsBytesUntilOK(t *testing.T) {
	port, address := open(t)
	conn := dialPort(t, address)
	say(t, conn, "a")
	hear(t, conn, "a")
	set(t, port, "hang")
	say(t, conn, "held")
	if err := conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 1)); n > 0 || !errors.Is(err, syscall.EAGAIN) && !isTimeout(err) {
		t.Errorf("read %d bytes, %v, want silence", n, err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	set(t, port, "ok")
	hear(t, conn, "held")
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func TestDelayAppliesToEachDirectionAndKeepsTheRate(t *testing.T) {
	port, address := open(t)
	conn := dialPort(t, address)
	say(t, conn, "a")
	hear(t, conn, "a")
	set(t, port, "delay=40")
	began := time.Now()
	const chunks = 20
	for range chunks {
		say(t, conn, "x")
		time.Sleep(time.Millisecond) // each its own segment
	}
	for range chunks {
		hear(t, conn, "x")
	}
	if took := time.Since(began); took < 80*time.Millisecond || took > chunks*40*time.Millisecond {
		t.Errorf("%d chunks took %s, want at least 80 ms and much less than one delay each", chunks, took)
	}
}

func TestParseStateRefuses(t *testing.T) {
	for _, text := range []string{"", "down", "delay", "delay=", "delay=-1", "delay=soon"} {
		if state, err := ParseState(text); err == nil {
			t.Errorf("ParseState(%q) = %v, want an error", text, state)
		}
	}
}
