package cluster

import (
	"fmt"
	"os"

	"slipway.dev/tests/cluster/internal/sandbox"
	"slipway.dev/tests/cluster/internal/supervise"
)

// auditPolicy records what people and applications ask for, and leaves out the parts of the cluster.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  userGroups: [system:nodes, "system:serviceaccounts:kube-system"]
- level: None
  users:
  - system:apiserver
  - system:anonymous
  - system:kube-controller-manager
  - system:kube-scheduler
  - system:kube-proxy
  - system:slipway-cluster:add-ons
  - system:slipway-cluster:supervisor
  - kube-apiserver-kubelet-client
- level: Metadata
`

func (o *Options) part(program, name string, args ...string) supervise.Command {
	return supervise.Command{Name: name, Program: program, Args: args, Env: Environment()}
}

// Environment is all that a part needs: a proxy or a cloud's credentials in the caller's environment are none of its business.
func Environment() []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/run", "LANG=C.UTF-8"}
}

// Etcd is the first part. It does not sync to the disk: a cluster does not outlive its machine.
func (o *Options) Etcd(self string) supervise.Command {
	return o.part(self, "etcd",
		"--data-dir="+o.path("etcd"), "--name=etcd", "--unsafe-no-fsync", "--quota-backend-bytes=4294967296", "--log-level=warn",
		"--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
		"--listen-peer-urls=http://127.0.0.1:2380", "--initial-advertise-peer-urls=http://127.0.0.1:2380", "--initial-cluster=etcd=http://127.0.0.1:2380")
}

// APIServer needs etcd.
func (o *Options) APIServer(self string) (supervise.Command, error) {
	if err := os.WriteFile(o.etc("audit.yaml"), []byte(auditPolicy), 0o644); err != nil {
		return supervise.Command{}, fmt.Errorf("write the audit policy: %w", err)
	}
	args := []string{
		"--etcd-servers=http://127.0.0.1:2379",
		"--bind-address=0.0.0.0", "--secure-port=6443", "--advertise-address=" + sandbox.NodeIP,
		"--service-cluster-ip-range=" + sandbox.ServiceNet,
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
		"--client-ca-file=" + o.CAFile(), "--token-auth-file=" + o.pki("tokens.csv"),
		"--tls-cert-file=" + o.pki("apiserver.crt"), "--tls-private-key-file=" + o.pki("apiserver.key"),
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + o.pki("service-accounts.pub"), "--service-account-signing-key-file=" + o.pki("service-accounts.key"),
		"--requestheader-client-ca-file=" + o.pki("front-proxy-ca.crt"), "--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group", "--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + o.pki("front-proxy-client.crt"), "--proxy-client-key-file=" + o.pki("front-proxy-client.key"),
		"--enable-aggregator-routing=true",
		"--kubelet-certificate-authority=" + o.CAFile(), "--kubelet-client-certificate=" + o.pki("kubelet-client.crt"),
		"--kubelet-client-key=" + o.pki("kubelet-client.key"), "--kubelet-preferred-address-types=InternalIP",
		"--audit-policy-file=" + o.etc("audit.yaml"), "--audit-log-path=" + o.AuditLog(),
		"--allow-privileged=true", "--profiling=false", "--max-requests-inflight=2000", "--max-mutating-requests-inflight=1000",
	}
	if o.OIDC {
		args = append(args, "--oidc-issuer-url="+o.Issuer(), "--oidc-client-id="+OIDCClient, "--oidc-ca-file="+o.CAFile(), "--oidc-signing-algs=ES256",
			"--oidc-username-claim=sub", "--oidc-username-prefix=oidc:", "--oidc-groups-claim=groups", "--oidc-groups-prefix=oidc:")
	}
	return o.part(self, "kube-apiserver", args...), nil
}

// ControllerManager and the scheduler need the API server.
func (o *Options) ControllerManager(self string) supervise.Command {
	kubeconfig := o.kubeconfig("kube-controller-manager")
	return o.part(self, "kube-controller-manager",
		"--kubeconfig="+kubeconfig, "--authentication-kubeconfig="+kubeconfig, "--authorization-kubeconfig="+kubeconfig,
		"--bind-address=127.0.0.1", "--cert-dir="+o.path("cert-dir"), "--leader-elect=false", "--use-service-account-credentials",
		"--root-ca-file="+o.CAFile(), "--service-account-private-key-file="+o.pki("service-accounts.key"),
		"--cluster-signing-cert-file="+o.CAFile(), "--cluster-signing-key-file="+o.pki("ca.key"),
		"--kube-api-qps=1000", "--kube-api-burst=2000",
		"--node-monitor-grace-period=20s", "--node-monitor-period=2s", "--horizontal-pod-autoscaler-sync-period=3s", "--profiling=false")
}

// Scheduler places pods.
func (o *Options) Scheduler(self string) supervise.Command {
	kubeconfig := o.kubeconfig("kube-scheduler")
	return o.part(self, "kube-scheduler",
		"--kubeconfig="+kubeconfig, "--authentication-kubeconfig="+kubeconfig, "--authorization-kubeconfig="+kubeconfig,
		"--bind-address=127.0.0.1", "--cert-dir="+o.path("cert-dir"), "--leader-elect=false", "--kube-api-qps=500", "--kube-api-burst=1000", "--profiling=false")
}
