package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"

	"k8s.io/client-go/tools/clientcmd/api"

	"slipway.dev/tests/cluster/internal/pki"
	"slipway.dev/tests/cluster/internal/sandbox"
)

// parts of the cluster that sign in at the API server, with their groups. RBAC knows the system:kube-* users;
// the add-ons are not under test and may do everything.
var signIns = map[string][]string{
	"system:kube-controller-manager":    nil,
	"system:kube-scheduler":             nil,
	"system:kube-proxy":                 nil,
	"system:node:" + NodeName:           {"system:nodes"},
	"system:slipway-cluster:add-ons":    {"system:masters"},
	"system:slipway-cluster:supervisor": {"system:masters"},
}

// shortName is the last part of a system: name, which its files are called by.
func shortName(user string) string { return user[strings.LastIndexByte(user, ':')+1:] }

// SupervisorKubeconfig signs in the supervisor, from inside.
func (o *Options) SupervisorKubeconfig() string { return o.kubeconfig("supervisor") }

// WriteCredentials makes all authorities, certificates, tokens and kubeconfigs.
func (o *Options) WriteCredentials() error {
	ca, err := pki.NewCA("slipway-cluster-" + fmt.Sprint(o.Index))
	if err != nil {
		return err
	}
	if err := ca.Write(o.PKI(), "ca"); err != nil {
		return err
	}
	if err := o.writeFrontProxy(); err != nil {
		return err
	}
	if err := o.writeServerCertificates(ca); err != nil {
		return err
	}
	for user, groups := range signIns {
		pair, err := ca.Issue(pki.Subject{Name: user, Groups: groups})
		if err != nil {
			return err
		}
		inside := pki.Kubeconfig{Cluster: "slipway", Server: "https://" + sandbox.NodeIP + ":6443", CA: ca.CertificatePEM(), User: user, AuthInfo: pair.AuthInfo()}
		if err := inside.Write(o.kubeconfig(shortName(user))); err != nil {
			return err
		}
	}
	admin, err := ca.Issue(pki.Subject{Name: "admin", Groups: []string{"system:masters"}})
	if err != nil {
		return err
	}
	if err := o.UserKubeconfig("admin", ca, admin.AuthInfo()).Write(o.AdminKubeconfig()); err != nil {
		return err
	}
	return o.writeTokens(ca)
}

func (o *Options) writeServerCertificates(ca *pki.Pair) error {
	client, err := ca.Issue(pki.Subject{Name: "kube-apiserver-kubelet-client", Groups: []string{"system:masters"}})
	if err != nil {
		return err
	}
	if err := client.Write(o.PKI(), "kubelet-client"); err != nil {
		return err
	}
	servers := map[string][]string{
		"apiserver":      {o.Host(), sandbox.NodeIP, "127.0.0.1", "10.96.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"},
		"kubelet":        {sandbox.NodeIP, "127.0.0.1", NodeName},
		"metrics-server": {sandbox.NodeIP, "metrics-server.kube-system.svc"},
		"kwok":           {sandbox.NodeIP, "127.0.0.1"},
		"issuer":         {o.Host(), "127.0.0.1"},
	}
	for name, hosts := range servers {
		pair, err := ca.Issue(pki.Subject{Name: name, Hosts: hosts})
		if err != nil {
			return err
		}
		if err := pair.Write(o.PKI(), name); err != nil {
			return err
		}
	}
	for _, name := range []string{"service-accounts", "oidc"} {
		if err := writeKey(o.pki(name)); err != nil {
			return err
		}
	}
	return nil
}

func (o *Options) writeFrontProxy() error {
	ca, err := pki.NewCA("front-proxy")
	if err != nil {
		return err
	}
	client, err := ca.Issue(pki.Subject{Name: "front-proxy-client"})
	if err != nil {
		return err
	}
	if err := ca.Write(o.PKI(), "front-proxy-ca"); err != nil {
		return err
	}
	return client.Write(o.PKI(), "front-proxy-client")
}

func writeKey(base string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make the key %s: %w", base, err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return fmt.Errorf("encode the key %s: %w", base, err)
	}
	for path, content := range map[string][]byte{
		base + ".key": pki.KeyPEM(key),
		base + ".pub": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return fmt.Errorf("write the key: %w", err)
		}
	}
	return nil
}

func (o *Options) writeTokens(ca *pki.Pair) error {
	var lines strings.Builder
	for i, user := range o.TokenUsers {
		if user.Token == "" {
			user.Token = strings.ToLower(rand.Text())
			o.TokenUsers[i] = user
		}
		fmt.Fprintf(&lines, "%s,%s,%s,%q\n", user.Token, user.Name, user.Name, strings.Join(user.Groups, ","))
		kubeconfig := o.UserKubeconfig(user.Name, ca, api.AuthInfo{Token: user.Token})
		if err := kubeconfig.Write(o.UserFile(user.Name)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(o.pki("tokens.csv"), []byte(lines.String()), 0o600); err != nil {
		return fmt.Errorf("write the token file: %w", err)
	}
	return nil
}

// UserFile is where the kubeconfig of a further user is written.
func (o *Options) UserFile(name string) string { return o.path("users", name+".kubeconfig") }

// UserKubeconfig is a kubeconfig for the cluster as it is reachable from outside.
func (o *Options) UserKubeconfig(name string, ca *pki.Pair, auth api.AuthInfo) pki.Kubeconfig {
	return pki.Kubeconfig{Cluster: fmt.Sprintf("slipway-%d", o.Index), Server: o.API(), CA: ca.CertificatePEM(), User: name, AuthInfo: auth}
}
