//go:build linux

package sandbox

import (
	"fmt"
	"net"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// HostNetwork makes sockets in the network namespace that the cluster was started from.
// A socket stays in the namespace it was made in, whichever thread uses it later.
type HostNetwork struct {
	namespace *os.File
}

// OwnNetwork opens the network namespace of this process, to be handed to the sandbox.
func OwnNetwork() (*os.File, error) {
	namespace, err := os.Open("/proc/self/ns/net")
	if err != nil {
		return nil, fmt.Errorf("open the network namespace: %w", err)
	}
	return namespace, nil
}

// InheritedNetwork is the namespace that the process got as a file descriptor.
func InheritedNetwork(fd uintptr) *HostNetwork {
	return &HostNetwork{os.NewFile(fd, "host network namespace")}
}

// Listen listens on a TCP address of the host.
func (h *HostNetwork) Listen(address string) (net.Listener, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return nil, fmt.Errorf("open the sandbox's network: %w", err)
	}
	defer own.Close()
	if err := unix.Setns(int(h.namespace.Fd()), unix.CLONE_NEWNET); err != nil {
		return nil, fmt.Errorf("enter the host's network: %w", err)
	}
	listener, listenErr := net.Listen("tcp4", address)
	if err := unix.Setns(int(own.Fd()), unix.CLONE_NEWNET); err != nil {
		panic("a thread can always return to its own network: " + err.Error())
	}
	return listener, listenErr
}
