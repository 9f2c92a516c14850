package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"sigs.k8s.io/yaml"

	"slipway.dev/tests/cluster/demo"
	"slipway.dev/tests/cluster/internal/sandbox"
	"slipway.dev/tests/cluster/internal/supervise"
)

const (
	containerdSocket = "/run/containerd/containerd.sock"
	dnsService       = "10.96.0.10"
	podNet           = "10.244.0.0/24"
	podNets          = "10.244.0.0/16"
	metricsPort      = 10443
)

// restrict_oom_score_adj: without CAP_SYS_RESOURCE, runc could not lower the score of a sandbox.
const containerdConfig = `version = 2
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]
[grpc]
  address = %q
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %q
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %q
    conf_dir = %q
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = %q
`

const registryHosts = `server = "http://%[1]s"
[host."http://%[1]s"]
  capabilities = ["pull", "resolve"]
`

const cniConfig = `{"cniVersion": "0.4.0", "name": "pods", "plugins": [
 {"type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
  "ipam": {"type": "host-local", "ranges": [[{"subnet": %q}]], "routes": [{"dst": "0.0.0.0/0"}]}},
 {"type": "portmap", "capabilities": {"portMappings": true}}]}
`

// Containerd is the first part of the node.
func (o *Options) Containerd() (supervise.Command, error) {
	program, err := exec.LookPath("containerd")
	if err != nil {
		return supervise.Command{}, fmt.Errorf("find containerd: %w", err)
	}
	plugins, err := sandbox.CNIPlugins()
	if err != nil {
		return supervise.Command{}, err
	}
	hosts := o.etc("registries/" + o.Registry())
	if err := os.MkdirAll(hosts, 0o755); err != nil {
		return supervise.Command{}, fmt.Errorf("make the folder of registries: %w", err)
	}
	files := map[string]string{
		o.etc("containerd.toml"):           fmt.Sprintf(containerdConfig, containerdSocket, o.Registry()+"/"+demo.Pause.Name(), plugins, o.etc("cni"), o.etc("registries")),
		o.etc("cni/pods.conflist"):         fmt.Sprintf(cniConfig, podNet),
		filepath.Join(hosts, "hosts.toml"): fmt.Sprintf(registryHosts, o.Registry()),
	}
	for path, content := range files {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return supervise.Command{}, fmt.Errorf("write the settings of containerd: %w", err)
		}
	}
	return o.part(program, "containerd", "--config="+o.etc("containerd.toml")), nil
}

// Kubelet needs containerd and the API server.
func (o *Options) Kubelet(self string) (supervise.Command, error) {
	settings := map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"authentication":           map[string]any{"anonymous": map[string]any{"enabled": false}, "webhook": map[string]any{"enabled": true}, "x509": map[string]any{"clientCAFile": o.CAFile()}},
		"authorization":            map[string]any{"mode": "Webhook"},
		"tlsCertFile":              o.pki("kubelet.crt"),
		"tlsPrivateKeyFile":        o.pki("kubelet.key"),
		"containerRuntimeEndpoint": "unix://" + containerdSocket,
		"cgroupDriver":             "cgroupfs",
		"cgroupRoot":               "/" + o.Cgroup(),
		"clusterDNS":               []string{dnsService},
		"clusterDomain":            "cluster.local",
		"resolvConf":               o.etc("resolv.conf"),
		"failCgroupV1":             false,
		"failSwapOn":               false,
		"oomScoreAdj":              0, // any other score needs CAP_SYS_RESOURCE
		// The disk and the memory are the machine's: its shortages are not the cluster's to act on.
		"evictionHard":                map[string]string{"memory.available": "0%", "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%", "imagefs.inodesFree": "0%"},
		"imageGCHighThresholdPercent": 100,
		"serializeImagePulls":         false,
		"maxPods":                     200,
		"registerNode":                true,
		"volumePluginDir":             o.path("kubelet-plugins"),
		"makeIPTablesUtilChains":      false,
	}
	if !o.KubeletDefaults {
		settings["syncFrequency"] = "2s"
		settings["crashLoopBackOff"] = map[string]any{"maxContainerRestartPeriod": "10s"}
		settings["featureGates"] = map[string]bool{"KubeletCrashLoopBackOffMax": true}
	}
	if err := o.writeSettings("kubelet.yaml", settings); err != nil {
		return supervise.Command{}, err
	}
	if err := os.WriteFile(o.etc("resolv.conf"), []byte("nameserver "+sandbox.NodeIP+"\n"), 0o644); err != nil {
		return supervise.Command{}, fmt.Errorf("write resolv.conf: %w", err)
	}
	return o.part(self, "kubelet",
		"--config="+o.etc("kubelet.yaml"), "--kubeconfig="+o.kubeconfig(NodeName), "--hostname-override="+NodeName, "--node-ip="+sandbox.NodeIP,
		"--cert-dir="+o.path("cert-dir")), nil
}

// KubeProxy translates service addresses.
func (o *Options) KubeProxy(self string) (supervise.Command, error) {
	settings := map[string]any{
		"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
		"mode":             "nftables",
		"clientConnection": map[string]any{"kubeconfig": o.kubeconfig("kube-proxy")},
		"clusterCIDR":      podNets,
		"hostnameOverride": NodeName,
		"oomScoreAdj":      0,
		// The size of the connection table is a setting of the whole machine.
		"conntrack": map[string]any{"maxPerCore": 0, "min": 0},
	}
	if err := o.writeSettings("kube-proxy.yaml", settings); err != nil {
		return supervise.Command{}, err
	}
	return o.part(self, "kube-proxy", "--config="+o.etc("kube-proxy.yaml")), nil
}

const corefile = `.:53 {
  bind %s
  errors
  ready 127.0.0.1:8181
  kubernetes cluster.local in-addr.arpa {
    kubeconfig %s
    pods insecure
    ttl 5
  }
  cache 5
}
`

// CoreDNS serves the names of the cluster. There is no other name server to ask: nothing leaves the sandbox.
func (o *Options) CoreDNS(self string) (supervise.Command, error) {
	config := fmt.Sprintf(corefile, sandbox.NodeIP, o.kubeconfig("add-ons"))
	if err := os.WriteFile(o.etc("Corefile"), []byte(config), 0o644); err != nil {
		return supervise.Command{}, fmt.Errorf("write the Corefile: %w", err)
	}
	return o.part(self, "coredns", "-conf", o.etc("Corefile")), nil
}

// MetricsServer answers kubectl top.
func (o *Options) MetricsServer(self string) supervise.Command {
	kubeconfig := o.kubeconfig("add-ons")
	return o.part(self, "metrics-server",
		"--kubeconfig="+kubeconfig, "--authentication-kubeconfig="+kubeconfig, "--authorization-kubeconfig="+kubeconfig,
		fmt.Sprintf("--secure-port=%d", metricsPort), "--tls-cert-file="+o.pki("metrics-server.crt"), "--tls-private-key-file="+o.pki("metrics-server.key"),
		"--kubelet-certificate-authority="+o.CAFile(), "--kubelet-preferred-address-types=InternalIP", "--kubelet-use-node-status-port",
		"--metric-resolution=10s", "--kubelet-request-timeout=5s")
}

func (o *Options) writeSettings(name string, settings any) error {
	content, err := yaml.Marshal(settings)
	if err == nil {
		err = os.WriteFile(o.etc(name), content, 0o644)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
