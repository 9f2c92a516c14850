package cluster

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"slipway.dev/tests/cluster/internal/control"
	"slipway.dev/tests/cluster/internal/forward"
	"slipway.dev/tests/cluster/internal/sandbox"
	"slipway.dev/tests/cluster/internal/supervise"
)

// startTimeout bounds the start on a machine that is busy with something else.
const startTimeout = 3 * time.Minute

// Cluster is a running cluster, as its supervisor sees it.
type Cluster struct {
	options   *Options
	self      string // path of this program, which all parts but containerd are
	processes *supervise.Processes
	ports     Ports
	started   time.Time

	done chan struct{} // closed when the start has ended, well or not
	err  error         // why it failed; read after done

	mu      sync.Mutex
	timings map[string]int64
}

// Boot makes a cluster of the namespaces that the process has been started in, and starts it in the background.
func Boot(options *Options, self string, host *sandbox.HostNetwork) (*Cluster, error) {
	c := &Cluster{options: options, self: self, started: time.Now(), done: make(chan struct{}), timings: map[string]int64{}}
	var err error
	// The host's ports come first: they are what two clusters of the same index would quarrel about.
	if c.ports, err = options.OpenOutside(host); err != nil {
		return nil, err
	}
	if err := sandbox.Enter(NodeName, options.Settings()); err != nil {
		return nil, err
	}
	if options.Node {
		if err := sandbox.MakeCgroup(options.Cgroup()); err != nil {
			return nil, err
		}
	}
	if err := options.OpenInside(c.ports); err != nil {
		return nil, err
	}
	c.processes = supervise.New(options.Logs())
	go func() {
		defer close(c.done)
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		c.err = c.start(ctx)
	}()
	return c, nil
}

func (c *Cluster) start(ctx context.Context) error {
	o := c.options
	if err := o.ServeRegistry(); err != nil {
		return err
	}
	if o.OIDC {
		if err := o.ServeIssuer(); err != nil {
			return err
		}
	}
	steps, ctx := errgroup.WithContext(ctx)
	steps.Go(func() error { return c.timed("images", PushDemoImages(ctx)) })
	steps.Go(func() error {
		config, client, err := c.startAPI(ctx)
		if err != nil {
			return err
		}
		return c.startRest(ctx, config, client)
	})
	if err := steps.Wait(); err != nil {
		return err
	}
	return c.timed("ready", nil)
}

func (c *Cluster) startAPI(ctx context.Context) (*rest.Config, *kubernetes.Clientset, error) {
	o := c.options
	if err := c.processes.Start(o.Etcd(c.self)); err != nil {
		return nil, nil, err
	}
	if err := c.run(o.APIServer(c.self)); err != nil {
		return nil, nil, err
	}
	if o.Node {
		if err := c.run(o.Containerd()); err != nil {
			return nil, nil, err
		}
	}
	config, err := clientcmd.BuildConfigFromFlags("", o.SupervisorKubeconfig())
	if err != nil {
		return nil, nil, fmt.Errorf("read the supervisor's kubeconfig: %w", err)
	}
	config.QPS = -1 // the waiting below asks often
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, nil, fmt.Errorf("make the supervisor's client: %w", err)
	}
	return config, client, c.timed("api", WaitForAPI(ctx, client))
}

func (c *Cluster) startRest(ctx context.Context, config *rest.Config, client *kubernetes.Clientset) error {
	o := c.options
	if o.Node {
		if err := c.run(o.Kubelet(c.self)); err != nil {
			return err
		}
	}
	for _, command := range []supervise.Command{o.ControllerManager(c.self), o.Scheduler(c.self)} {
		if err := c.processes.Start(command); err != nil {
			return err
		}
	}
	if o.Kwok {
		if err := c.run(o.FakeNodes(c.self)); err != nil {
			return err
		}
	}
	if o.Node {
		if err := c.run(o.KubeProxy(c.self)); err != nil {
			return err
		}
		if err := o.CreateAddOns(ctx, config); err != nil {
			return err
		}
		if err := o.CreateMonitoring(ctx, client, c.self); err != nil {
			return err
		}
		if err := c.run(o.CoreDNS(c.self)); err != nil {
			return err
		}
		if err := c.processes.Start(o.MetricsServer(c.self)); err != nil {
			return err
		}
	}
	return c.timed("node", WaitForNode(ctx, client, o.Node))
}

// run starts a part whose settings may have failed to be written.
func (c *Cluster) run(command supervise.Command, err error) error {
	if err != nil {
		return err
	}
	return c.processes.Start(command)
}

func (c *Cluster) timed(step string, err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timings[step] = time.Since(c.started).Milliseconds()
	return err
}

// Status implements control.Supervisor.
func (c *Cluster) Status() control.Status {
	status := control.Status{Parts: c.processes.Parts(), Ports: map[string]string{}}
	for name, port := range c.ports {
		status.Ports[name] = port.State().String()
	}
	c.mu.Lock()
	status.Timings = maps.Clone(c.timings)
	c.mu.Unlock()
	select {
	case <-c.done:
		status.Ready = c.err == nil
	default:
	}
	return status
}

// WaitReady implements control.Supervisor.
func (c *Cluster) WaitReady(ctx context.Context) error {
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fault implements control.Supervisor.
func (c *Cluster) Fault(fault control.Fault) error {
	if fault.Verb != "port" {
		return c.processes.Fault(fault.Verb, fault.Name)
	}
	port, found := c.ports[fault.Name]
	if !found {
		return fmt.Errorf("port %s: no such port", fault.Name)
	}
	state, err := forward.ParseState(fault.State)
	if err != nil {
		return fmt.Errorf("port %s: %w", fault.Name, err)
	}
	if err := port.Set(state); err != nil {
		return fmt.Errorf("port %s: %w", fault.Name, err)
	}
	return nil
}
