package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd/api"

	"slipway.dev/tests/cluster/internal/cluster"
	"slipway.dev/tests/cluster/internal/oidc"
	"slipway.dev/tests/cluster/internal/pki"
)

// userOptions say what kind of credential a user gets.
type userOptions struct {
	name    string
	groups  []string
	expired bool
	wrongCA bool
	oidc    bool
	ttl     time.Duration
	out     string
}

func userCommand() *cobra.Command {
	var work string
	var user userOptions
	var asJSON bool
	command := &cobra.Command{
		Use:   "user --work DIR NAME",
		Short: "Write a kubeconfig for a further user, with a client certificate or OIDC tokens",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			options, err := running(work)
			if err != nil {
				return err
			}
			user.name = args[0]
			if user.out == "" {
				user.out = options.UserFile(user.name)
			}
			if err := user.write(options); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(os.Stdout).Encode(map[string]any{"name": user.name, "groups": user.groups, "kubeconfig": user.out})
			}
			fmt.Println(user.out)
			return nil
		},
	}
	workFlag(command, &work)
	command.Flags().StringArrayVar(&user.groups, "group", nil, "group of the user (repeatable)")
	command.Flags().BoolVar(&user.expired, "expired", false, "the credential expired an hour ago (of OIDC: the identity token; it can be refreshed)")
	command.Flags().BoolVar(&user.wrongCA, "wrong-ca", false, "the client certificate is signed by an authority that the cluster does not know")
	command.Flags().BoolVar(&user.oidc, "oidc", false, "sign in through the OIDC issuer (needs up --oidc); the API server knows the user as oidc:NAME")
	command.Flags().DurationVar(&user.ttl, "ttl", pki.Validity, "how long the credential is valid")
	command.Flags().StringVar(&user.out, "out", "", "file to write (DIR/users/NAME.kubeconfig)")
	command.Flags().BoolVar(&asJSON, "json", false, "print name, groups and file as JSON")
	return command
}

func (u *userOptions) write(options *cluster.Options) error {
	ca, err := pki.Read(options.PKI(), "ca")
	if err != nil {
		return err
	}
	until := time.Now().Add(u.ttl)
	if u.expired {
		until = time.Now().Add(-time.Hour)
	}
	sign := u.certificate
	if u.oidc {
		sign = u.tokens
	}
	auth, err := sign(options, ca, until)
	if err != nil {
		return err
	}
	return options.UserKubeconfig(u.name, ca, auth).Write(u.out)
}

func (u *userOptions) certificate(_ *cluster.Options, ca *pki.Pair, until time.Time) (api.AuthInfo, error) {
	if u.wrongCA {
		var err error
		if ca, err = pki.NewCA("somebody else"); err != nil {
			return api.AuthInfo{}, err
		}
	}
	subject := pki.Subject{Name: u.name, Groups: u.groups, Until: until}
	if u.expired {
		subject.From = until.Add(-24 * time.Hour)
	}
	pair, err := ca.Issue(subject)
	if err != nil {
		return api.AuthInfo{}, err
	}
	return pair.AuthInfo(), nil
}

func (u *userOptions) tokens(options *cluster.Options, ca *pki.Pair, until time.Time) (api.AuthInfo, error) {
	if !options.OIDC {
		return api.AuthInfo{}, errors.New("the cluster has no OIDC issuer: start it with up --oidc")
	}
	issuer, err := options.OIDCIssuer()
	if err != nil {
		return api.AuthInfo{}, err
	}
	identity := oidc.Identity{Subject: u.name, Groups: u.groups}
	id, err := issuer.IDToken(identity, until)
	if err != nil {
		return api.AuthInfo{}, err
	}
	refresh, err := issuer.RefreshToken(identity, time.Now().Add(pki.Validity))
	if err != nil {
		return api.AuthInfo{}, err
	}
	return api.AuthInfo{AuthProvider: &api.AuthProviderConfig{Name: "oidc", Config: map[string]string{
		"idp-issuer-url": issuer.URL, "client-id": issuer.Client, "id-token": id, "refresh-token": refresh, "idp-certificate-authority": options.CAFile(),
	}}}, nil
}
