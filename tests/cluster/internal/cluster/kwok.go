package cluster

import (
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/kwok/kustomize/metrics/resource"
	"sigs.k8s.io/kwok/kustomize/metrics/usage"
	nodefast "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	nodeheartbeat "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	podfast "sigs.k8s.io/kwok/kustomize/stage/pod/fast"

	"slipway.dev/tests/cluster/internal/sandbox"
	"slipway.dev/tests/cluster/internal/supervise"
)

// FakeNode is the annotation of the nodes that kwok plays.
const FakeNode = "kwok.x-k8s.io/node=fake"

// FakeNodes is kwok: it plays nodes that carry FakeNode, and the pods on them. It has no behaviour of its own: the stages are its configuration.
func (o *Options) FakeNodes(self string) (supervise.Command, error) {
	stages := []string{nodefast.DefaultNodeInit, nodeheartbeat.DefaultNodeHeartbeatWithLease,
		podfast.DefaultPodReady, podfast.DefaultPodComplete, podfast.DefaultPodDelete,
		resource.DefaultMetricsResource, usage.DefaultUsageFromAnnotation}
	if err := os.WriteFile(o.etc("kwok.yaml"), []byte(strings.Join(stages, "\n---\n")), 0o644); err != nil {
		return supervise.Command{}, fmt.Errorf("write the stages of kwok: %w", err)
	}
	return o.part(self, "kwok", "--config="+o.etc("kwok.yaml"), "--kubeconfig="+o.kubeconfig("add-ons"), "--manage-nodes-with-annotation-selector="+FakeNode,
		"--node-ip="+sandbox.NodeIP, "--node-port=10247", "--node-lease-duration-seconds=40", "--tls-cert-file="+o.pki("kwok.crt"), "--tls-private-key-file="+o.pki("kwok.key")), nil
}
