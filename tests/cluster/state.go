package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"slipway.dev/tests/cluster/internal/cluster"
	"slipway.dev/tests/cluster/internal/control"
	"slipway.dev/tests/cluster/internal/supervise"
)

// state is what DIR/state.json, up --json and status --json say.
type state struct {
	Up              bool              `json:"up"`
	Ready           bool              `json:"ready"`
	Options         *cluster.Options  `json:"options"`
	Kubernetes      string            `json:"kubernetes"`
	API             string            `json:"api"`
	CA              string            `json:"ca"`
	AdminKubeconfig string            `json:"adminKubeconfig"`
	Node            string            `json:"node,omitempty"`
	NodePorts       []string          `json:"nodePorts,omitempty"` // host:port
	Registry        registryState     `json:"registry"`
	Issuer          *issuerState      `json:"issuer,omitempty"`
	Users           []userState       `json:"users"`
	Logs            string            `json:"logs"`
	AuditLog        string            `json:"auditLog"`
	Supervisor      int               `json:"supervisor"` // PID on this machine
	Parts           []partState       `json:"parts"`
	Ports           map[string]string `json:"ports"`     // name to state: ok, refuse, cut, hang, delay=MS
	TimingsMS       map[string]int64  `json:"timingsMs"` // from the start of the supervisor to api, images, node, ready
}

type registryState struct {
	Host     string   `json:"host"`
	User     string   `json:"user"` // for repositories under private/
	Password string   `json:"password"`
	Images   []string `json:"images"`
}

type issuerState struct {
	URL    string `json:"url"`
	Client string `json:"client"`
}

type userState struct {
	cluster.TokenUser
	Kubeconfig string `json:"kubeconfig"`
}

type partState struct {
	supervise.Part
	HostPID int `json:"hostPid"` // PID on this machine; 0 when not running
}

func readOptions(work string) (*cluster.Options, error) {
	options := &cluster.Options{Work: work}
	content, err := os.ReadFile(options.OptionsFile())
	if err != nil {
		return nil, fmt.Errorf("read the options of the cluster in %s: %w", work, err)
	}
	if err := json.Unmarshal(content, options); err != nil {
		return nil, fmt.Errorf("read the options of the cluster in %s: %w", work, err)
	}
	return options, nil
}

// running reads the options of a cluster that must be up.
func running(work string) (*cluster.Options, error) {
	absolute, err := filepath.Abs(work)
	if err != nil {
		return nil, fmt.Errorf("--work %s: %w", work, err)
	}
	options, err := readOptions(absolute)
	if err != nil || supervisorPID(options) == 0 {
		return nil, fmt.Errorf("no cluster is up in %s", absolute)
	}
	return options, nil
}

func readState(ctx context.Context, options *cluster.Options) (*state, error) {
	status, err := control.Dial(options.ControlSocket()).Status(ctx)
	if err != nil {
		return nil, err
	}
	s := &state{
		Up: true, Ready: status.Ready, Options: options, Kubernetes: cluster.KubernetesVersion,
		API: options.API(), CA: options.CAFile(), AdminKubeconfig: options.AdminKubeconfig(),
		Registry: registryState{Host: options.Registry(), User: cluster.RegistryUser, Password: cluster.RegistryPassword, Images: options.ImageNames()},
		Logs:     options.Logs(), AuditLog: options.AuditLog(),
		Supervisor: supervisorPID(options), Ports: status.Ports, TimingsMS: status.Timings,
	}
	if options.Node {
		s.Node = cluster.NodeName
		for port := cluster.FirstNodePort; port <= cluster.LastNodePort; port++ {
			s.NodePorts = append(s.NodePorts, fmt.Sprintf("%s:%d", options.Host(), port))
		}
	}
	if options.OIDC {
		s.Issuer = &issuerState{options.Issuer(), cluster.OIDCClient}
	}
	for _, user := range options.TokenUsers {
		s.Users = append(s.Users, userState{user, options.UserFile(user.Name)})
	}
	outside := hostPIDs(s.Supervisor)
	for _, part := range status.Parts {
		s.Parts = append(s.Parts, partState{part, outside[part.PID]})
	}
	return s, nil
}

// hostPIDs maps the PIDs inside the supervisor's namespace to those outside. What it cannot read has just ended.
func hostPIDs(supervisor int) map[int]int {
	found := map[int]int{}
	namespace, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/pid", supervisor))
	if err != nil {
		return found
	}
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return found
	}
	for _, process := range processes {
		if own, err := os.Readlink(process + "/ns/pid"); err != nil || own != namespace {
			continue
		}
		content, err := os.ReadFile(process + "/status")
		if err != nil {
			continue
		}
		outside, err := strconv.Atoi(filepath.Base(process))
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
			if pids, isPIDs := strings.CutPrefix(lines.Text(), "NSpid:"); isPIDs {
				fields := strings.Fields(pids)
				if inside, err := strconv.Atoi(fields[len(fields)-1]); err == nil {
					found[inside] = outside
				}
			}
		}
	}
	return found
}

func (s *state) print(asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(s)
	}
	if !s.Up {
		fmt.Println("not up")
		return nil
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "Kubernetes\t%s at %s\nkubeconfig\t%s\nregistry\t%s\nlogs\t%s\n", s.Kubernetes, s.API, s.AdminKubeconfig, s.Registry.Host, s.Logs)
	for _, part := range s.Parts {
		fmt.Fprintf(table, "%s\t%s, pid %d, %d restarts\n", part.Name, part.Status, part.HostPID, part.Restarts)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Ports)) {
		if port := s.Ports[name]; port != "ok" {
			fmt.Fprintf(table, "port %s\t%s\n", name, port)
		}
	}
	return table.Flush()
}

func statusCommand() *cobra.Command {
	var work string
	var asJSON bool
	command := &cobra.Command{
		Use:   "status --work DIR",
		Short: "Tell whether the cluster is up, and its parts",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			options, err := running(work)
			if err != nil {
				return (&state{}).print(asJSON)
			}
			s, err := readState(command.Context(), options)
			if err != nil {
				return err
			}
			return s.print(asJSON)
		},
	}
	workFlag(command, &work)
	command.Flags().BoolVar(&asJSON, "json", false, "print the state as JSON")
	return command
}
