//go:build linux

package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const cgroupMount = "/sys/fs/cgroup"

// hierarchies are the mounted cgroup trees: one for cgroup v2, one for each controller for v1
// (and perhaps an empty v2 tree beside them).
func hierarchies() ([]string, error) {
	if unified() {
		return []string{cgroupMount}, nil
	}
	var found []string
	for _, controller := range []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "hugetlb", "net_cls", "net_prio", "perf_event", "systemd", "unified"} {
		dir := filepath.Join(cgroupMount, controller)
		if _, err := os.Stat(filepath.Join(dir, "cgroup.procs")); err == nil {
			found = append(found, dir)
		}
	}
	for _, needed := range []string{"cpu", "memory", "pids"} {
		if _, err := os.Stat(filepath.Join(cgroupMount, needed, "cgroup.procs")); err != nil {
			return nil, fmt.Errorf("the %s cgroup is not mounted at %s/%s: mount it (or cgroup2 at %s)", needed, cgroupMount, needed, cgroupMount)
		}
	}
	return found, nil
}

func unified() bool {
	var stat unix.Statfs_t
	return unix.Statfs(cgroupMount, &stat) == nil && stat.Type == unix.CGROUP2_SUPER_MAGIC
}

// MakeCgroup makes the cgroup that all pods of a cluster live under.
func MakeCgroup(name string) error {
	trees, err := hierarchies()
	if err != nil {
		return err
	}
	for _, tree := range trees {
		dir := filepath.Join(tree, name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make the cgroup %s: %w", dir, err)
		}
		if filepath.Base(tree) == "cpuset" {
			// A new cpuset has no CPU and no memory, and nothing can join it.
			for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
				if err := inherit(tree, dir, file); err != nil {
					return err
				}
			}
		}
		if tree == cgroupMount {
			if err := delegate(tree, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func inherit(parent, child, file string) error {
	value, err := os.ReadFile(filepath.Join(parent, file))
	if err == nil {
		err = os.WriteFile(filepath.Join(child, file), value, 0o644)
	}
	if err != nil {
		return fmt.Errorf("inherit %s in the cgroup %s: %w", file, child, err)
	}
	return nil
}

func delegate(parent, child string) error {
	controllers, err := os.ReadFile(filepath.Join(parent, "cgroup.controllers"))
	if err != nil {
		return fmt.Errorf("read the cgroup controllers: %w", err)
	}
	for _, controller := range strings.Fields(string(controllers)) {
		for _, dir := range []string{parent, child} {
			// A controller that cannot be delegated is one the kubelet does not insist on, or it says so itself.
			_ = os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte("+"+controller), 0o644)
		}
	}
	return nil
}

// RemoveCgroup removes the cgroup with all below it, once its processes have ended.
func RemoveCgroup(name string) error {
	trees, err := hierarchies()
	if err != nil {
		return nil //nolint:nilerr // without hierarchies there is no cgroup either
	}
	var errs []error
	for _, tree := range trees {
		errs = append(errs, removeTree(filepath.Join(tree, name)))
	}
	return errors.Join(errs...)
}

func removeTree(root string) error {
	deadline := time.Now().Add(5 * time.Second)
	for {
		var dirs []string
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				dirs = append(dirs, path)
			}
			return nil // a cgroup may vanish during the walk
		})
		for i := len(dirs) - 1; i >= 0; i-- {
			if removeErr := os.Remove(dirs[i]); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
				err = removeErr
			}
		}
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("remove the cgroup %s: %w", root, err)
		}
		time.Sleep(20 * time.Millisecond) // the kernel frees ended processes asynchronously and notifies nobody
	}
}
