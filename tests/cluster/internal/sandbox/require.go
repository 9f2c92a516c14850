//go:build linux

// Package sandbox is what the cluster needs of Linux: namespaces, mounts, a network of its own and cgroups.
package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Require tells in one error all that this machine lacks for a cluster, with what to do about each.
// Without a node, only the namespaces are needed.
func Require(node bool) error {
	var missing []string
	if os.Geteuid() != 0 {
		missing = append(missing, "not root: the cluster makes namespaces and mounts; run it as root")
	} else if err := tryNamespaces(); err != nil {
		missing = append(missing, fmt.Sprintf("cannot make namespaces (%v): run it where CAP_SYS_ADMIN is granted", err))
	}
	if node {
		missing = append(missing, missingPrograms()...)
		if _, err := hierarchies(); err != nil {
			missing = append(missing, err.Error())
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("this machine cannot run the cluster:\n  %s", strings.Join(missing, "\n  "))
	}
	return nil
}

func tryNamespaces() error {
	for _, namespace := range []string{"mnt", "net", "pid", "uts", "ipc"} {
		if _, err := os.Stat("/proc/self/ns/" + namespace); err != nil {
			return fmt.Errorf("the kernel has no %s namespaces", namespace)
		}
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return fmt.Errorf("read the capabilities: %w", err)
	}
	for name, bit := range map[string]int{"CAP_SYS_ADMIN": unix.CAP_SYS_ADMIN, "CAP_NET_ADMIN": unix.CAP_NET_ADMIN} {
		if data[0].Effective&(1<<bit) == 0 {
			return fmt.Errorf("no %s", name)
		}
	}
	return nil
}

func missingPrograms() []string {
	var missing []string
	for program, apt := range map[string]string{"containerd": "containerd", "containerd-shim-runc-v2": "containerd", "runc": "runc", "iptables": "iptables", "nft": "nftables"} {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, fmt.Sprintf("%s is not installed: apt-get install %s", program, apt))
		}
	}
	if _, err := CNIPlugins(); err != nil {
		missing = append(missing, err.Error())
	}
	if _, err := Busybox(); err != nil {
		missing = append(missing, err.Error())
	}
	return missing
}

// CNIPlugins is the folder of the CNI plugins.
func CNIPlugins() (string, error) {
	for _, dir := range []string{"/usr/lib/cni", "/opt/cni/bin"} {
		if _, err := os.Stat(filepath.Join(dir, "bridge")); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("the CNI plugins are not installed: apt-get install containernetworking-plugins")
}

// Busybox reads the static busybox that gives the demo images a shell.
func Busybox() ([]byte, error) {
	for _, path := range []string{"/usr/bin/busybox", "/bin/busybox"} {
		if content, err := os.ReadFile(path); err == nil {
			return content, nil
		}
	}
	return nil, fmt.Errorf("busybox is not installed: apt-get install busybox-static")
}
