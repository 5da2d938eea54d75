package io.farandole.boot.operations;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;

/** The request of an operator who has signed in with it. */
class SignedInRequest extends HttpServletRequestWrapper {

    private final Operator operator;

    SignedInRequest(HttpServletRequest request, Operator operator) {
        super(request);
        this.operator = operator;
    }

    @Override
    public Principal getUserPrincipal() {
        return operator;
    }

    @Override
    public String getRemoteUser() {
        return operator.name();
    }

    @Override
    public String getAuthType() {
        return BASIC_AUTH;
    }
}
