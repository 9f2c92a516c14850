// Package control is how the commands talk to the supervisor: JSON over HTTP on a socket in the work folder.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"slipway.dev/tests/cluster/internal/supervise"
)

// Status is what the supervisor knows about its cluster.
type Status struct {
	Ready   bool              `json:"ready"`
	Parts   []supervise.Part  `json:"parts"`
	Ports   map[string]string `json:"ports"`   // name to state
	Timings map[string]int64  `json:"timings"` // milliseconds from the start to each step
}

// Fault asks for a fault of a part, or of a port when Verb is "port".
type Fault struct {
	Verb  string `json:"verb"`
	Name  string `json:"name"`
	State string `json:"state,omitempty"` // of a port
}

// Supervisor is what the server side answers for.
type Supervisor interface {
	Status() Status
	// WaitReady returns when the cluster can be used, or with the reason why it never will.
	WaitReady(ctx context.Context) error
	Fault(Fault) error
}

// Listen opens the socket at path.
func Listen(path string) (net.Listener, error) {
	short, closeFolder, err := reachable(path)
	if err != nil {
		return nil, err
	}
	defer closeFolder()
	listener, err := net.Listen("unix", short)
	if err != nil {
		return nil, fmt.Errorf("listen on the control socket: %w", err)
	}
	return listener, nil
}

// reachable gives a name for the socket that is short enough for a socket address, whatever the folder is called.
func reachable(path string) (string, func(), error) {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, fmt.Errorf("open the folder of the control socket: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), filepath.Base(path)), func() { _ = folder.Close() }, nil
}

// Serve answers requests until the listener is closed.
func Serve(listener net.Listener, s Supervisor) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s.Status()) })
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) { reply(w, s.WaitReady(r.Context())) })
	mux.HandleFunc("POST /fault", func(w http.ResponseWriter, r *http.Request) {
		var fault Fault
		if err := json.NewDecoder(r.Body).Decode(&fault); err != nil {
			reply(w, fmt.Errorf("read the request: %w", err))
			return
		}
		reply(w, s.Fault(fault))
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	return server.Serve(listener)
}

func reply(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
	}
}

// Client talks to the supervisor of one work folder.
type Client struct {
	http http.Client
}

// Dial prepares a client for the socket at path; nothing is sent yet.
func Dial(path string) *Client {
	return &Client{http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			short, closeFolder, err := reachable(path)
			if err != nil {
				return nil, err
			}
			defer closeFolder()
			return (&net.Dialer{}).DialContext(ctx, "unix", short)
		},
	}}}
}

// Status asks for the status.
func (c *Client) Status(ctx context.Context) (Status, error) {
	var status Status
	body, err := c.do(ctx, http.MethodGet, "status", nil)
	if err != nil {
		return status, fmt.Errorf("ask the supervisor for its status: %w", err)
	}
	if err := json.Unmarshal(body, &status); err != nil {
		return status, fmt.Errorf("read the supervisor's status: %w", err)
	}
	return status, nil
}

// WaitReady waits until the cluster can be used. The error is the supervisor's reason.
func (c *Client) WaitReady(ctx context.Context) error {
	_, err := c.do(ctx, http.MethodGet, "ready", nil)
	return err
}

// Fault applies a fault.
func (c *Client) Fault(ctx context.Context, fault Fault) error {
	body, err := json.Marshal(fault)
	if err != nil {
		return fmt.Errorf("write the fault: %w", err)
	}
	_, err = c.do(ctx, http.MethodPost, "fault", body)
	return err
}

func (c *Client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://supervisor/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("reach the supervisor: %w", err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read the supervisor's answer: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, errors.New(strings.TrimSpace(string(content)))
	}
	return content, nil
}
