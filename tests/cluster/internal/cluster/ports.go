package cluster

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"slipway.dev/tests/cluster/internal/forward"
	"slipway.dev/tests/cluster/internal/oidc"
	"slipway.dev/tests/cluster/internal/pki"
	"slipway.dev/tests/cluster/internal/sandbox"
)

// OIDCClient is the client id that the issuer and the API server know.
const OIDCClient = "slipway"

// The addresses that servers of the supervisor listen on inside, behind a forwarder.
const (
	insideRegistry = "127.0.0.1:5000"
	insideIssuer   = "127.0.0.1:5556"
)

// Ports are the forwarders by name: what the cluster is reached by, and what faults are applied to.
type Ports map[string]*forward.Port

// OpenOutside listens on the host for everything that is reachable from there.
func (o *Options) OpenOutside(host *sandbox.HostNetwork) (Ports, error) {
	targets := map[string]struct {
		port   int
		inside string
	}{
		"api":      {6443, sandbox.NodeIP + ":6443"},
		"registry": {5000, insideRegistry},
	}
	if o.OIDC {
		targets["issuer"] = struct {
			port   int
			inside string
		}{5556, insideIssuer}
	}
	for port := FirstNodePort; o.Node && port <= LastNodePort; port++ {
		targets[strconv.Itoa(port)] = struct {
			port   int
			inside string
		}{port, net.JoinHostPort(sandbox.NodeIP, strconv.Itoa(port))}
	}
	ports := Ports{}
	for name, target := range targets {
		address := net.JoinHostPort(o.Host(), strconv.Itoa(target.port))
		port, err := forward.Open(func() (net.Listener, error) { return host.Listen(address) }, dial(target.inside))
		if err != nil {
			return nil, fmt.Errorf("open %s on %s: %w (is another cluster up with --index %d?)", name, address, err, o.Index)
		}
		ports[name] = port
	}
	return ports, nil
}

// OpenInside listens for what the node and the API server reach at the same address as everyone outside.
func (o *Options) OpenInside(ports Ports) error {
	inside := map[string][2]string{"registry-node": {o.Registry(), insideRegistry}}
	if o.OIDC {
		inside["issuer-api"] = [2]string{o.Host() + ":5556", insideIssuer}
	}
	for name, addresses := range inside {
		port, err := forward.Open(func() (net.Listener, error) { return net.Listen("tcp4", addresses[0]) }, dial(addresses[1]))
		if err != nil {
			return fmt.Errorf("open %s inside: %w", name, err)
		}
		ports[name] = port
	}
	return nil
}

func dial(address string) func() (net.Conn, error) {
	return func() (net.Conn, error) { return net.DialTimeout("tcp4", address, 5*time.Second) }
}

// ServeRegistry serves the image registry, inside.
func (o *Options) ServeRegistry() error {
	listener, err := net.Listen("tcp4", insideRegistry)
	if err != nil {
		return fmt.Errorf("listen for the registry: %w", err)
	}
	go serve(listener, NewRegistry(), func(s *http.Server) error { return s.Serve(listener) })
	return nil
}

// PushDemoImages fills the registry, from inside.
func PushDemoImages(ctx context.Context) error { return PushImages(ctx, insideRegistry) }

// ServeIssuer serves the OIDC issuer, inside.
func (o *Options) ServeIssuer() error {
	issuer, err := o.OIDCIssuer()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", insideIssuer)
	if err != nil {
		return fmt.Errorf("listen for the issuer: %w", err)
	}
	go serve(listener, issuer.Handler(), func(s *http.Server) error { return s.ServeTLS(listener, o.pki("issuer.crt"), o.pki("issuer.key")) })
	return nil
}

// OIDCIssuer is the issuer with its key from the work folder.
func (o *Options) OIDCIssuer() (*oidc.Issuer, error) {
	key, err := pki.ReadKey(o.pki("oidc.key"))
	if err != nil {
		return nil, err
	}
	return &oidc.Issuer{URL: o.Issuer(), Client: OIDCClient, Key: key}, nil
}

func serve(listener net.Listener, handler http.Handler, run func(*http.Server) error) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	if err := run(server); err != nil {
		panic(fmt.Sprintf("a server on %s ends with its process only: %v", listener.Addr(), err))
	}
}
