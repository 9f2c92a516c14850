//go:build linux

package sandbox

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Addresses inside the sandbox. They exist in no other network namespace, so all clusters share them.
const (
	NodeIP      = "10.99.0.2"
	nodeNet     = "10.99.0.2/24"
	ServiceNet  = "10.96.0.0/16"
	nodeBridge  = "node0"
	tmpfsOption = "mode=0755,size=75%"
)

// volatile folders have fixed places in the kubelet, containerd and the CNI plugins: a cluster has its own.
var volatile = []string{"/run", "/var/log", "/var/lib"}

// Hides tells whether a path is not visible inside the sandbox.
func Hides(path string) bool {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		resolved = filepath.Clean(path)
	}
	for _, dir := range volatile {
		if resolved == dir || strings.HasPrefix(resolved, dir+"/") {
			return true
		}
	}
	return false
}

// Enter prepares the namespaces that the process has been started in.
// dir is a folder for the files that are mounted over the machine's settings.
func Enter(hostname, dir string) error {
	if err := unix.Sethostname([]byte(hostname)); err != nil {
		return fmt.Errorf("set the host name %s: %w", hostname, err)
	}
	if err := enterMounts(dir); err != nil {
		return err
	}
	return enterNetwork()
}

func enterMounts(dir string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make the mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	for _, target := range volatile {
		if err := unix.Mount("tmpfs", target, "tmpfs", unix.MS_NOSUID, tmpfsOption); err != nil {
			return fmt.Errorf("mount a tmpfs on %s: %w", target, err)
		}
	}
	// The kubelet needs a root that shares its mounts with the containers it asks for.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return fmt.Errorf("share the mounts: %w", err)
	}
	return shadowSettings(dir)
}

// shadowSettings puts files over the kernel settings that the kubelet writes and that hold for the whole machine.
func shadowSettings(dir string) error {
	settings := map[string]string{
		"vm/overcommit_memory": "1", "vm/panic_on_oom": "0",
		"kernel/panic": "10", "kernel/panic_on_oops": "1",
		"kernel/keys/root_maxkeys": "1000000", "kernel/keys/root_maxbytes": "25000000",
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of settings: %w", err)
	}
	for name, value := range settings {
		target := "/proc/sys/" + name
		if _, err := os.Stat(target); err != nil {
			continue // not in this kernel
		}
		source := filepath.Join(dir, strings.ReplaceAll(name, "/", "."))
		if err := os.WriteFile(source, []byte(value+"\n"), 0o644); err != nil {
			return fmt.Errorf("write the setting %s: %w", name, err)
		}
		if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("mount %s over %s: %w", source, target, err)
		}
	}
	return nil
}

func enterNetwork() error {
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("find the loopback interface: %w", err)
	}
	if err := netlink.LinkSetUp(loopback); err != nil {
		return fmt.Errorf("set the loopback interface up: %w", err)
	}
	bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: nodeBridge}}
	if err := netlink.LinkAdd(bridge); err != nil {
		return fmt.Errorf("add the bridge %s: %w", nodeBridge, err)
	}
	address, err := netlink.ParseAddr(nodeNet)
	if err != nil {
		return fmt.Errorf("parse %s: %w", nodeNet, err)
	}
	if err := netlink.AddrAdd(bridge, address); err != nil {
		return fmt.Errorf("give %s the address %s: %w", nodeBridge, nodeNet, err)
	}
	if err := netlink.LinkSetUp(bridge); err != nil {
		return fmt.Errorf("set the bridge %s up: %w", nodeBridge, err)
	}
	// Service addresses are translated on the way out, which needs a route to leave by.
	_, services, err := net.ParseCIDR(ServiceNet)
	if err != nil {
		return fmt.Errorf("parse %s: %w", ServiceNet, err)
	}
	if err := netlink.RouteAdd(&netlink.Route{LinkIndex: bridge.Attrs().Index, Dst: services}); err != nil {
		return fmt.Errorf("route %s: %w", ServiceNet, err)
	}
	// Between two pods of the bridge, a service's answer must pass the translation too.
	for name, value := range map[string]string{"net/ipv4/ip_forward": "1", "net/bridge/bridge-nf-call-iptables": "1"} {
		if err := os.WriteFile("/proc/sys/"+name, []byte(value), 0o644); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	return nil
}
